// What the cases of the backend contract share.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Backend } from '../backend/backend.ts';

export interface ContractCase {
  readonly name: string;
  /** Rejects with an AssertionError when the backend does not hold. */
  readonly check: (backend: Backend) => Promise<void>;
}

export const never = (): AbortSignal => new AbortController().signal;
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const MINUTE_MS = 60_000;
let serial = 0;

/** A shared server may hold keys of other runs: nothing is used twice. */
export const freshName = (): string => `contract-${process.pid}-${Date.now()}-${serial++}`;
export const freshKey = (part = ''): string => `contract:{${freshName()}}${part}`;
/** Hexadecimal digits that nobody else has. */
export const freshHex = (digits: number): string =>
  `${process.pid.toString(16)}${Date.now().toString(16)}${(serial++).toString(16)}`
    .padStart(digits, '0')
    .slice(-digits);

/** Turns of the timers in which this has to end. A process that stands still loses one of them and no more. */
const TURN_MS = 10;

/** @throws AssertionError with `what` when it has not ended in time */
export async function ends<T>(work: Promise<T>, withinMs: number, what: string): Promise<T> {
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  over.catch(() => undefined);
  for (let leftMs = withinMs; leftMs > 0 && !isOver; leftMs -= TURN_MS)
    await Promise.race([over, pause(TURN_MS)]);
  assert.ok(isOver, what);
  return over;
}

export async function holds(backend: Backend, key: string, expected: Uint8Array | undefined): Promise<void> {
  const found = await backend.get(key, never());
  assert.deepEqual(
    found === undefined ? undefined : [...found],
    expected === undefined ? undefined : [...expected],
  );
}
