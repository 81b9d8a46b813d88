// The record that is stored beside an interop entry. It holds what a frame has in its header, for which interop
// documents have no room. Its layout is in docs/spec/interop.md, section 8.
import { nodeCrypto } from '../crypto/node-crypto.ts';
import type { EntryFacts, EntryTimes } from '../entry/entry.ts';
import { encodeParts } from '../key/stored-key.ts';
import { wholeTimes } from './frame.ts';

const VERSION = 1;
const DIGEST_AT = 41;
const MAC_AT = 57;
const DIGEST_BYTES = 16;
const MAC_BYTES = 16;

/** HMAC-SHA-256, for secure functions. */
export type RecordMac = (data: Uint8Array) => Buffer;

/** The record for these entry bytes. undefined: the times cannot be stored. */
export function writeRecord(
  key: string,
  entry: Uint8Array,
  { times, stamp }: EntryFacts,
  mac: RecordMac | undefined,
): Buffer | undefined {
  const whole = wholeTimes(times);
  if (whole === undefined) return undefined;
  const record = Buffer.alloc(mac === undefined ? MAC_AT : MAC_AT + MAC_BYTES);
  record[0] = VERSION;
  const numbers = [whole.storedAtMs, whole.softExpiryMs, whole.hardExpiryMs, stamp.inc, stamp.born];
  for (const [at, number] of numbers.entries()) record.writeBigUInt64LE(BigInt(number), 1 + 8 * at);
  digestOf(entry).copy(record, DIGEST_AT);
  if (mac !== undefined) recordMac(mac, key, record).copy(record, MAC_AT);
  return record;
}

/** Reads a record. undefined: it is not a record of this library for these bytes under this key. */
export function readRecord(
  key: string,
  entry: Uint8Array,
  record: Buffer,
  mac: RecordMac | undefined,
): EntryFacts | undefined {
  if (record.length !== (mac === undefined ? MAC_AT : MAC_AT + MAC_BYTES) || record[0] !== VERSION)
    return undefined;
  if (!record.subarray(DIGEST_AT, MAC_AT).equals(digestOf(entry))) return undefined;
  if (
    mac !== undefined &&
    !nodeCrypto().timingSafeEqual(recordMac(mac, key, record), record.subarray(MAC_AT))
  )
    return undefined;
  const [storedAtMs, softExpiryMs, hardExpiryMs, inc, born] = [0, 1, 2, 3, 4].map((at) =>
    Number(record.readBigUInt64LE(1 + 8 * at)),
  ) as [number, number, number, number, number]; // map keeps the length
  const times: EntryTimes | undefined = wholeTimes({ storedAtMs, softExpiryMs, hardExpiryMs });
  const isStamp = Number.isSafeInteger(inc) && Number.isSafeInteger(born);
  return times === undefined || !isStamp ? undefined : { times, stamp: { inc, born }, tags: [] };
}

function digestOf(entry: Uint8Array): Buffer {
  return nodeCrypto().hash('sha256', entry, 'buffer').subarray(0, DIGEST_BYTES);
}

function recordMac(mac: RecordMac, key: string, record: Buffer): Buffer {
  const data = Buffer.concat([encodeParts(['interop record', key]), record.subarray(0, MAC_AT)]);
  return mac(data).subarray(0, MAC_BYTES);
}
