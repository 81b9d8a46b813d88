// The byte layout of an entry: fixed offsets, little-endian. docs/spec/frame.md has the table and the reasons.
import { FRAME_VERSION } from '../contract/versions.ts';
import { KEY_ID_BYTES, SEAL_BLOCK_BYTES, SEAL_TAG_BYTES } from '../crypto/cipher.ts';
import { SIGNATURE_BYTES } from '../crypto/signer.ts';
import type { EntryTimes, Stamp } from '../entry/entry.ts';

/** First byte 0xC1, with which no MessagePack, JSON or UTF-8 text begins. */
const MAGIC = 0x46_4b_43_c1;

const AT = {
  magic: 0,
  version: 4,
  flags: 5,
  algorithm: 6,
  serializer: 7,
  storedAt: 8,
  softExpiry: 16,
  hardExpiry: 24,
  born: 32,
  inc: 40,
  shape: 48,
  serializerHash: 56,
  keyTag: 64,
  rawSize: 80,
  bodySize: 84,
  tagCount: 88,
  end: 96,
} as const;

/**
 * Length of the header without a seal block: the part that `FenceCapability.replace` compares, since two entries of one
 * key differ in it.
 */
export const FRAME_HEAD_BYTES = AT.end;

const FLAG_COMPRESSED = 1;
const FLAG_ENCRYPTED = 2;
const FORM_SHIFT = 2;
const KNOWN_FLAGS = 0b1111;

/** Serializer code of all custom serializers; the header has a hash of the id as well. */
export const CUSTOM_SERIALIZER = 255;

/**
 * `checksum`: XXH64 against accidents. `signed`: a MAC against changes by whoever can write to the backend. `sealed`:
 * encryption, which also authenticates.
 */
export type Protection = 'checksum' | 'sealed' | 'signed';

/** Number in the header, bytes after the 96 bytes that every header has, bytes after the body. */
const PROTECTIONS: Readonly<
  Record<
    Protection,
    { readonly algorithm: number; readonly blockBytes: number; readonly trailerBytes: number }
  >
> = {
  checksum: { algorithm: 0, blockBytes: 0, trailerBytes: 8 },
  sealed: { algorithm: 1, blockBytes: SEAL_BLOCK_BYTES, trailerBytes: SEAL_TAG_BYTES },
  signed: { algorithm: 2, blockBytes: KEY_ID_BYTES, trailerBytes: SIGNATURE_BYTES },
};
const BY_ALGORITHM: readonly Protection[] = ['checksum', 'sealed', 'signed'];

/** Most bytes a frame has besides its body. */
export const MAX_FRAME_OVERHEAD_BYTES = AT.end + SEAL_BLOCK_BYTES + SEAL_TAG_BYTES;

/** How the body represents the value: written by the generated codec, in tagged form, or by a custom serializer. */
export type BodyForm = 'shaped' | 'tagged' | 'custom';
const FORMS: readonly BodyForm[] = ['shaped', 'tagged', 'custom'];

/** Header fields that are the same in all entries of a site, and that reading demands. */
export interface FrameIdentity {
  readonly protection: Protection;
  /** 8 bytes. */
  readonly shape: Buffer;
  readonly serializerCode: number;
  /** 8 bytes; zero for built-in serializers. */
  readonly serializerHash: Buffer;
}

/** The header fields that are numbers or flags. */
export interface HeaderFacts {
  readonly protection: Protection;
  readonly serializerCode: number;
  readonly compressed: boolean;
  readonly form: BodyForm;
  readonly times: EntryTimes;
  readonly stamp: Stamp;
  /** Tag ids at the start of the body, before the value; 12 bytes each. */
  readonly tagCount: number;
  /** Serialised size, before compression. */
  readonly rawSizeBytes: number;
  readonly bodySizeBytes: number;
}

/** All header fields. */
export interface FrameHeader extends HeaderFacts, FrameIdentity {
  /** 16 bytes. */
  readonly keyTag: Buffer;
}

/**
 * A parsed frame. Its parts are views of the bytes, each made on demand: a view costs as much as parsing the header,
 * and most reads need only two of them.
 */
export class Frame {
  readonly header: HeaderFacts;
  readonly #bytes: Buffer;
  readonly #bodyStart: number;
  readonly #bodyEnd: number;

  /** `bytes` must be as long as the header says. */
  constructor(bytes: Buffer, header: HeaderFacts) {
    this.header = header;
    this.#bytes = bytes;
    this.#bodyStart = headerSizeBytes(header.protection);
    this.#bodyEnd = this.#bodyStart + header.bodySizeBytes;
  }

  /** The header, with the seal block if there is one. */
  get head(): Buffer {
    return this.#bytes.subarray(0, this.#bodyStart);
  }

  get body(): Buffer {
    return this.#bytes.subarray(this.#bodyStart, this.#bodyEnd);
  }

  /** Checksum, MAC or authentication tag. */
  get trailer(): Buffer {
    return this.#bytes.subarray(this.#bodyEnd);
  }

  /** The bytes that the checksum covers. */
  get covered(): Buffer {
    return this.#bytes.subarray(0, this.#bodyEnd);
  }

  /** The stored checksum, if the frame is protected by one. */
  get checksum(): bigint {
    return this.#bytes.readBigUInt64LE(this.#bodyEnd);
  }

  get shape(): Buffer {
    return this.#bytes.subarray(AT.shape, AT.serializerHash);
  }

  get keyTag(): Buffer {
    return this.#bytes.subarray(AT.keyTag, AT.rawSize);
  }

  hasShape(shape: Buffer): boolean {
    return hasAt(this.#bytes, AT.shape, shape);
  }

  hasSerializerHash(hash: Buffer): boolean {
    return hasAt(this.#bytes, AT.serializerHash, hash);
  }

  hasKeyTag(tag: Buffer): boolean {
    return hasAt(this.#bytes, AT.keyTag, tag);
  }
}

/** A loop, because for a few bytes it is faster than a view and a call. */
function hasAt(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

/**
 * Writes the header without its seal block, which the cipher fills in. `target` must be at least as long as the
 * header.
 */
export function writeHeader(target: Buffer, header: FrameHeader): void {
  const flags =
    (header.compressed ? FLAG_COMPRESSED : 0) |
    (header.protection === 'sealed' ? FLAG_ENCRYPTED : 0) |
    (FORMS.indexOf(header.form) << FORM_SHIFT);
  target.fill(0, 0, AT.end);
  target.writeUInt32LE(MAGIC, AT.magic);
  target.writeUInt8(FRAME_VERSION, AT.version);
  target.writeUInt8(flags, AT.flags);
  target.writeUInt8(PROTECTIONS[header.protection].algorithm, AT.algorithm);
  target.writeUInt8(header.serializerCode, AT.serializer);
  writeTime(target, AT.storedAt, header.times.storedAtMs);
  writeTime(target, AT.softExpiry, header.times.softExpiryMs);
  writeTime(target, AT.hardExpiry, header.times.hardExpiryMs);
  writeTime(target, AT.born, header.stamp.born);
  writeTime(target, AT.inc, header.stamp.inc);
  header.shape.copy(target, AT.shape);
  header.serializerHash.copy(target, AT.serializerHash);
  header.keyTag.copy(target, AT.keyTag);
  target.writeUInt32LE(header.rawSizeBytes, AT.rawSize);
  target.writeUInt32LE(header.bodySizeBytes, AT.bodySize);
  target.writeUInt8(header.tagCount, AT.tagCount);
}

/** Length of a header. */
export function headerSizeBytes(protection: Protection): number {
  return AT.end + PROTECTIONS[protection].blockBytes;
}

/** Length of what follows the body. */
export function trailerSizeBytes(protection: Protection): number {
  return PROTECTIONS[protection].trailerBytes;
}

/** `version`: not a frame, or one of another version. `damaged`: a frame of this version that is not whole. */
export function parseFrame(bytes: Buffer): Frame | 'version' | 'damaged' {
  if (bytes.length < AT.flags) return 'damaged';
  if (bytes.readUInt32LE(AT.magic) !== MAGIC || bytes[AT.version] !== FRAME_VERSION) return 'version';
  if (bytes.length < AT.end) return 'damaged';
  const flags = bytes.readUInt8(AT.flags);
  const form = FORMS[(flags & KNOWN_FLAGS) >> FORM_SHIFT];
  const protection = BY_ALGORITHM[bytes.readUInt8(AT.algorithm)];
  if ((flags & ~KNOWN_FLAGS) !== 0 || form === undefined || protection === undefined) return 'version';
  if (((flags & FLAG_ENCRYPTED) !== 0) !== (protection === 'sealed')) return 'version';
  if (!isZero(bytes, AT.tagCount + 1, AT.end)) return 'version';
  const times = readTimes(bytes);
  const stamp = { inc: readTime(bytes, AT.inc), born: readTime(bytes, AT.born) };
  if (!Number.isSafeInteger(stamp.inc) || !Number.isSafeInteger(stamp.born)) return 'version';
  const bodySizeBytes = bytes.readUInt32LE(AT.bodySize);
  const sizeBytes = headerSizeBytes(protection) + bodySizeBytes + trailerSizeBytes(protection);
  if (times === undefined || bytes.length !== sizeBytes) return 'damaged';
  return new Frame(bytes, {
    protection,
    compressed: (flags & FLAG_COMPRESSED) !== 0,
    form,
    serializerCode: bytes.readUInt8(AT.serializer),
    times,
    stamp,
    tagCount: bytes.readUInt8(AT.tagCount),
    rawSizeBytes: bytes.readUInt32LE(AT.rawSize),
    bodySizeBytes,
  });
}

/**
 * The times in whole milliseconds, rounded down so that an entry never lives longer than asked. undefined unless they
 * are in order and below 2^53.
 */
export function wholeTimes(times: EntryTimes): EntryTimes | undefined {
  const storedAtMs = Math.floor(times.storedAtMs);
  const softExpiryMs = Math.floor(times.softExpiryMs);
  const hardExpiryMs = Math.floor(times.hardExpiryMs);
  const valid = storedAtMs >= 0 && storedAtMs <= softExpiryMs && softExpiryMs <= hardExpiryMs;
  return valid && Number.isSafeInteger(hardExpiryMs) ? { storedAtMs, softExpiryMs, hardExpiryMs } : undefined;
}

function readTimes(bytes: Buffer): EntryTimes | undefined {
  return wholeTimes({
    storedAtMs: readTime(bytes, AT.storedAt),
    softExpiryMs: readTime(bytes, AT.softExpiry),
    hardExpiryMs: readTime(bytes, AT.hardExpiry),
  });
}

function writeTime(target: Buffer, at: number, timeMs: number): void {
  target.writeUInt32LE(timeMs % 2 ** 32, at);
  target.writeUInt32LE(Math.floor(timeMs / 2 ** 32), at + 4);
}

function readTime(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);
}

function isZero(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}
