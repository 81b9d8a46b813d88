// Helpers that the cases of the backend contract share.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Backend } from '../backend/backend.ts';

/** One test case. */
export interface ContractCase {
  readonly name: string;
  /** Rejects with an AssertionError if the backend breaks the contract. */
  readonly check: (backend: Backend) => Promise<void>;
}

/** A signal that is never aborted. */
export const never = (): AbortSignal => new AbortController().signal;
/** UTF-8. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A ttl that does not end during a case. */
export const MINUTE_MS = 60_000;
let serial = 0;

/** A name that is used once, since a shared server may hold keys of other runs. */
export const freshName = (): string => `contract-${process.pid}-${Date.now()}-${serial++}`;
/** A key that is used once. */
export const freshKey = (part = ''): string => `contract:{${freshName()}}${part}`;
/** Hexadecimal digits that are used once. */
export const freshHex = (digits: number): string =>
  `${process.pid.toString(16)}${Date.now().toString(16)}${(serial++).toString(16)}`
    .padStart(digits, '0')
    .slice(-digits);

/** Time is counted in steps of this length, so that a process that is halted for long loses only one step. */
const TURN_MS = 10;

/** Waits for the work. @throws AssertionError with the message `what` if it does not end in time */
export async function ends<T>(work: Promise<T>, withinMs: number, what: string): Promise<T> {
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  over.catch(() => undefined);
  for (let leftMs = withinMs; leftMs > 0 && !isOver; leftMs -= TURN_MS)
    await Promise.race([over, pause(TURN_MS)]);
  assert.ok(isOver, what);
  return over;
}

/** Asserts that the backend has this value under the key; undefined: none. */
export async function holds(backend: Backend, key: string, expected: Uint8Array | undefined): Promise<void> {
  const found = await backend.get(key, never());
  assert.deepEqual(
    found === undefined ? undefined : [...found],
    expected === undefined ? undefined : [...expected],
  );
}
