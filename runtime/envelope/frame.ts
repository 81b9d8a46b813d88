// The byte layout of an entry: fixed offsets, little-endian. The table with its reasons: docs/spec/frame.md.
import { FRAME_VERSION } from '../contract/versions.ts';
import { SEAL_BLOCK_BYTES, SEAL_TAG_BYTES } from '../crypto/cipher.ts';
import type { EntryTimes } from '../entry/entry.ts';

/** 0xC1 starts no MessagePack, no JSON and no UTF-8 text. */
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

const FLAG_COMPRESSED = 1;
const FLAG_ENCRYPTED = 2;
const FORM_SHIFT = 2;
const KNOWN_FLAGS = 0b1111;

/** Entries of own serializers; their id is in the header as a hash. */
export const CUSTOM_SERIALIZER = 255;

const CHECKSUM_BYTES = 8;
const PLAIN_HEADER_BYTES = AT.end;
const SEALED_HEADER_BYTES = AT.end + SEAL_BLOCK_BYTES;

/** Most bytes a frame has besides its body. */
export const MAX_FRAME_OVERHEAD_BYTES = SEALED_HEADER_BYTES + SEAL_TAG_BYTES;

/** How the value stands in the body: by the generated codec, in tagged form, or as an own serializer wrote it. */
export type BodyForm = 'shaped' | 'tagged' | 'custom';
const FORMS: readonly BodyForm[] = ['shaped', 'tagged', 'custom'];

/** What a codec writes into each of its entries, and demands of them. */
export interface FrameIdentity {
  readonly encrypted: boolean;
  /** 8 bytes. */
  readonly shape: Buffer;
  readonly serializerCode: number;
  /** 8 bytes; zero for built-ins. */
  readonly serializerHash: Buffer;
}

export interface FrameHeader extends FrameIdentity {
  readonly compressed: boolean;
  readonly form: BodyForm;
  readonly times: EntryTimes;
  /** 16 bytes. */
  readonly keyTag: Buffer;
  /** Serialised size, before compression. */
  readonly rawSizeBytes: number;
  readonly bodySizeBytes: number;
}

/** A parsed frame; every range is a view, nothing is copied. */
export interface Frame {
  readonly header: FrameHeader;
  /** Header bytes as stored: authenticated with the body. */
  readonly head: Buffer;
  readonly body: Buffer;
  /** Checksum or authentication tag. */
  readonly trailer: Buffer;
  /** What the checksum covers. */
  readonly covered: Buffer;
}

/** Writes everything but the seal block, which the cipher fills. `target` is at least as long as the header. */
export function writeHeader(target: Buffer, header: FrameHeader): void {
  const flags =
    (header.compressed ? FLAG_COMPRESSED : 0) |
    (header.encrypted ? FLAG_ENCRYPTED : 0) |
    (FORMS.indexOf(header.form) << FORM_SHIFT);
  target.fill(0, 0, AT.end);
  target.writeUInt32LE(MAGIC, AT.magic);
  target.writeUInt8(FRAME_VERSION, AT.version);
  target.writeUInt8(flags, AT.flags);
  target.writeUInt8(header.encrypted ? 1 : 0, AT.algorithm);
  target.writeUInt8(header.serializerCode, AT.serializer);
  writeTime(target, AT.storedAt, header.times.storedAtMs);
  writeTime(target, AT.softExpiry, header.times.softExpiryMs);
  writeTime(target, AT.hardExpiry, header.times.hardExpiryMs);
  header.shape.copy(target, AT.shape);
  header.serializerHash.copy(target, AT.serializerHash);
  header.keyTag.copy(target, AT.keyTag);
  target.writeUInt32LE(header.rawSizeBytes, AT.rawSize);
  target.writeUInt32LE(header.bodySizeBytes, AT.bodySize);
}

export function headerSizeBytes(encrypted: boolean): number {
  return encrypted ? SEALED_HEADER_BYTES : PLAIN_HEADER_BYTES;
}

export function trailerSizeBytes(encrypted: boolean): number {
  return encrypted ? SEAL_TAG_BYTES : CHECKSUM_BYTES;
}

/** `version`: not a frame this code knows. `damaged`: one, but not whole. */
export function parseFrame(bytes: Buffer): Frame | 'version' | 'damaged' {
  if (bytes.length < AT.flags) return 'damaged';
  if (bytes.readUInt32LE(AT.magic) !== MAGIC || bytes[AT.version] !== FRAME_VERSION) return 'version';
  if (bytes.length < AT.end) return 'damaged';
  const flags = bytes.readUInt8(AT.flags);
  const form = FORMS[(flags & KNOWN_FLAGS) >> FORM_SHIFT];
  const encrypted = (flags & FLAG_ENCRYPTED) !== 0;
  const algorithm = bytes.readUInt8(AT.algorithm);
  if ((flags & ~KNOWN_FLAGS) !== 0 || form === undefined || algorithm !== (encrypted ? 1 : 0))
    return 'version';
  if (!isZero(bytes, AT.born, AT.shape) || !isZero(bytes, AT.tagCount, AT.end)) return 'version';
  const times = readTimes(bytes);
  const bodySizeBytes = bytes.readUInt32LE(AT.bodySize);
  const bodyStart = headerSizeBytes(encrypted);
  const bodyEnd = bodyStart + bodySizeBytes;
  if (times === undefined || bytes.length !== bodyEnd + trailerSizeBytes(encrypted)) return 'damaged';
  const header: FrameHeader = {
    encrypted,
    compressed: (flags & FLAG_COMPRESSED) !== 0,
    form,
    serializerCode: bytes.readUInt8(AT.serializer),
    serializerHash: bytes.subarray(AT.serializerHash, AT.keyTag),
    shape: bytes.subarray(AT.shape, AT.serializerHash),
    keyTag: bytes.subarray(AT.keyTag, AT.rawSize),
    times,
    rawSizeBytes: bytes.readUInt32LE(AT.rawSize),
    bodySizeBytes,
  };
  return {
    header,
    head: bytes.subarray(0, bodyStart),
    body: bytes.subarray(bodyStart, bodyEnd),
    trailer: bytes.subarray(bodyEnd),
    covered: bytes.subarray(0, bodyEnd),
  };
}

/**
 * Whole milliseconds, in order, below 2^53; undefined: they cannot be stored. Fractions are dropped, so an entry lives
 * at most as long as asked.
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
