// Inspects a stored entry of interop/v1: one document, plain or encrypted, and the record that this library stores
// beside it.
import { createHmac } from 'node:crypto';
import type { KeyRing } from '../crypto/key-ring.ts';
import { deriveIndexKey } from '../crypto/subkeys.ts';
import type { DiscardReason, EntryTimes } from '../entry/entry.ts';
import { readRecord } from '../envelope/interop-record.ts';
import { decodeInterop } from '../interop/decode-interop.ts';
import { interopKeys } from '../interop/interop-keys.ts';
import { openInterop } from '../interop/seal-interop.ts';

/** What is known about the entry. */
export interface InteropQuestion {
  readonly nowMs: number;
  /** Name under which the entry is stored. */
  readonly key?: string | undefined;
  /** The record stored beside it. */
  readonly record?: Uint8Array | undefined;
  readonly ring?: KeyRing | undefined;
}

/** What was found out about the entry. */
export interface InteropFacts {
  /** `unknown`: it is no plain document, so it is encrypted or damaged, which only the master key can tell apart. */
  readonly protection: 'none' | 'encrypted' | 'unknown';
  /** Public name of the master key that opened it, 16 hex digits. */
  readonly keyId?: string;
  /**
   * `other`: for other bytes, or made with another key. `none` and `other` mean that another library wrote the entry.
   */
  readonly record: 'none' | 'fits' | 'other';
  /** From a record that fits. */
  readonly times?: EntryTimes;
}

/** The facts and, if it can be read, the value. */
export interface InteropReading {
  readonly facts: InteropFacts;
  readonly refused: DiscardReason | undefined;
  /** Absent: it cannot be read. */
  readonly value?: { readonly read: unknown };
}

const NONCE_AND_TAG_BYTES = 28;

/** Whether the name is `<namespace>:<operation>:<64 hex digits>`. */
export function isInteropKey(key: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}:[a-z0-9][a-z0-9._-]{0,63}:[0-9a-f]{64}$/.test(key);
}

/** undefined: it is no document, and its name is no interop key. */
export function readInterop(bytes: Uint8Array, question: InteropQuestion): InteropReading | undefined {
  const { key, ring } = question;
  const hasInteropKey = key !== undefined && isInteropKey(key);
  const plain = tryDecode(bytes);
  if (plain !== undefined) return withRecord(bytes, question, { protection: 'none' }, plain);
  if (!hasInteropKey) return undefined;
  const unread = { protection: 'unknown', record: 'none' } as const;
  if (bytes.length < NONCE_AND_TAG_BYTES) return { facts: unread, refused: 'decode' };
  if (ring === undefined) return { facts: unread, refused: undefined };
  const keys = interopKeys(
    ring.primary.key,
    ring.previous.map((one) => one.key),
  );
  const opened = openInterop(keys, key, bytes);
  if (typeof opened === 'string') return { facts: unread, refused: opened };
  const keyId = [ring.primary, ...ring.previous][opened.keyIndex]?.id.toString('hex') ?? '';
  const value = tryDecode(opened.plain);
  const reading = withRecord(bytes, question, { protection: 'encrypted', keyId }, value);
  return value === undefined ? { ...reading, refused: 'decode' } : reading;
}

function withRecord(
  bytes: Uint8Array,
  { key, record, ring, nowMs }: InteropQuestion,
  known: Pick<InteropFacts, 'protection' | 'keyId'>,
  value: InteropReading['value'],
): InteropReading {
  const rest = value === undefined ? {} : { value };
  if (key === undefined || record === undefined)
    return { facts: { ...known, record: 'none' }, refused: undefined, ...rest };
  const macKey =
    known.protection === 'none' || ring === undefined ? undefined : deriveIndexKey(ring.primary, 'default');
  const mac =
    macKey === undefined
      ? undefined
      : (data: Uint8Array): Buffer => createHmac('sha256', macKey).update(data).digest();
  const found = readRecord(key, bytes, Buffer.from(record), mac);
  if (found === undefined) return { facts: { ...known, record: 'other' }, refused: undefined, ...rest };
  const { times } = found;
  const refused = nowMs < times.hardExpiryMs ? undefined : 'expired';
  return { facts: { ...known, record: 'fits', times }, refused, ...rest };
}

/** Wrapped in an object, since the value may be undefined. */
function tryDecode(bytes: Uint8Array): { readonly read: unknown } | undefined {
  try {
    return { read: decodeInterop(bytes) };
  } catch {
    return undefined;
  }
}
