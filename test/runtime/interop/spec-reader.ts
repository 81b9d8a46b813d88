// A reader of interop/v1, written from docs/spec/interop.md alone (sections 1, 2, 4 to 6 and 8). It imports nothing of cachekit.
import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';

/** Section 5: refused, which to a cache is a miss. */
export class Refused extends Error {}

const refuse = (why: string): never => {
  throw new Refused(why);
};

const MAX_DEPTH = 100;
const MAX_VALUES = 1_000_000;

/** Sections 2, 4 and 5: exactly one document. */
export function readDocument(bytes: Uint8Array): unknown {
  const cursor: Cursor = { bytes: Buffer.from(bytes), at: 0, depth: 0, values: 0 };
  if (bytes[0] === 0x43 && bytes[1] === 0x4b) return refuse('an entry of the Python library');
  const value = readValue(cursor);
  return cursor.at === bytes.length ? value : refuse('something follows');
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
  depth: number;
  values: number;
}

function take(cursor: Cursor, length: number): Buffer {
  const { at, bytes } = cursor;
  if (length > bytes.length - at) return refuse('it ends early');
  cursor.at += length;
  return bytes.subarray(at, at + length);
}

const readByte = (cursor: Cursor): number => take(cursor, 1).readUInt8(0);
const readLength = (cursor: Cursor, width: number): number => take(cursor, width).readUIntBE(0, width);

function readValue(cursor: Cursor): unknown {
  if (++cursor.values > MAX_VALUES) return refuse('too many values');
  const lead = readByte(cursor);
  if (lead < 0x80) return lead;
  if (lead >= 0xe0) return lead - 0x100;
  if (lead < 0x90) return readMap(cursor, lead & 0x0f);
  if (lead < 0xa0) return readArray(cursor, lead & 0x0f);
  if (lead < 0xc0) return readText(cursor, lead & 0x1f);
  switch (lead) {
    case 0xc0:
      return null;
    case 0xc2:
    case 0xc3:
      return lead === 0xc3;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return Uint8Array.from(take(cursor, readLength(cursor, 1 << (lead - 0xc4))));
    case 0xca:
      return take(cursor, 4).readFloatBE(0);
    case 0xcb:
      return take(cursor, 8).readDoubleBE(0);
    case 0xcc:
    case 0xcd:
    case 0xce:
      return readLength(cursor, 1 << (lead - 0xcc));
    case 0xcf:
      return integer(take(cursor, 8).readBigUInt64BE(0));
    case 0xd0:
    case 0xd1:
    case 0xd2:
      return readSigned(cursor, 1 << (lead - 0xd0));
    case 0xd3:
      return integer(take(cursor, 8).readBigInt64BE(0));
    case 0xd9:
    case 0xda:
    case 0xdb:
      return readText(cursor, readLength(cursor, 1 << (lead - 0xd9)));
    case 0xdc:
    case 0xdd:
      return readArray(cursor, readLength(cursor, 2 << (lead - 0xdc)));
    case 0xde:
    case 0xdf:
      return readMap(cursor, readLength(cursor, 2 << (lead - 0xde)));
    default:
      return refuse('a form that nobody writes');
  }
}

function readSigned(cursor: Cursor, width: number): number {
  return take(cursor, width).readIntBE(0, width);
}

/** "bigint beyond ±(2^53-1), else number" */
function integer(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function readText(cursor: Cursor, length: number): string {
  const bytes = take(cursor, length);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('a text that is not UTF-8');
  }
}

function readArray(cursor: Cursor, count: number): unknown[] {
  return inside(cursor, count, () => Array.from({ length: count }, () => readValue(cursor)));
}

function readMap(cursor: Cursor, count: number): unknown {
  return inside(cursor, 2 * count, () => {
    const entries: [string, unknown][] = [];
    const names = new Set<unknown>();
    for (let i = 0; i < count; i++) {
      cursor.values -= 1; // names are not counted
      const name = readValue(cursor);
      if (typeof name !== 'string' || names.has(name)) return refuse('a name that is none, or comes twice');
      names.add(name);
      entries.push([name, readValue(cursor)]);
    }
    return dateOf(entries) ?? Object.fromEntries(entries);
  });
}

/** Lengths that the remaining bytes cannot hold are refused before anything is made. */
function inside<T>(cursor: Cursor, parts: number, read: () => T): T {
  if (parts > cursor.bytes.length - cursor.at) return refuse('a length that cannot be');
  if (++cursor.depth > MAX_DEPTH) return refuse('too deep');
  const value = read();
  cursor.depth -= 1;
  return value;
}

/** "an object of exactly the two names, whose text is a day, T, a time with seconds … and Z or an offset" */
function dateOf(entries: readonly [string, unknown][]): Date | undefined {
  const { __datetime__: mark, value, ...more } = Object.fromEntries(entries);
  if (mark !== true || typeof value !== 'string' || Object.keys(more).length > 0) return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
  const date = new Date(value.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Section 6. `masterKey`: 32 bytes. */
export function openDocument(stored: Uint8Array, key: string, masterKey: Buffer, tenant = 'default'): Buffer {
  const tenantBytes = Buffer.from(tenant);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(tenantBytes.length);
  const salt = Buffer.concat([Buffer.from('cachekit_v1_\u000aencryption'), size, tenantBytes]);
  const derived = Buffer.from(hkdfSync('sha256', masterKey, salt, 'encryption', 32));
  const tagAt = stored.length - 16;
  const decipher = createDecipheriv('aes-256-gcm', derived, stored.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(
    Buffer.concat([Buffer.of(3), ...[tenant, key, 'msgpack', 'False'].map((text) => counted(text))]),
  );
  decipher.setAuthTag(stored.subarray(tagAt));
  return Buffer.concat([decipher.update(stored.subarray(12, tagAt)), decipher.final()]);
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export interface Record {
  readonly storedAtMs: number;
  readonly softExpiryMs: number;
  readonly hardExpiryMs: number;
  readonly inc: number;
  readonly born: number;
}

/** Section 8; of functions that are not secure. */
export function readBeside(record: Uint8Array, entry: Uint8Array): Record {
  const bytes = Buffer.from(record);
  const digest = createHash('sha256').update(entry).digest().subarray(0, 16);
  if (bytes.length !== 57 || bytes[0] !== 1 || !bytes.subarray(41).equals(digest))
    return refuse('not a record of this entry');
  const at = (offset: number): number => Number(bytes.readBigUInt64LE(offset));
  return { storedAtMs: at(1), softExpiryMs: at(9), hardExpiryMs: at(17), inc: at(25), born: at(33) };
}
