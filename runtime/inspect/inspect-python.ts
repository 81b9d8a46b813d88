// Inspects an entry that cachekit for Python stored in its own format. Read only; its checksum (XXH3) is not verified.
import { inflateBody } from '../envelope/compress.ts';
import type { Lz4 } from '../envelope/ready.ts';
import { decodeInterop } from '../interop/decode-interop.ts';

/** What the frame says. */
export interface PythonFacts {
  /** As named in the frame: `default`, `auto`, `orjson`, `arrow` or the name of a class. */
  readonly serializer: string;
  /** Format of the payload: `msgpack`, `orjson`, `arrow`. */
  readonly format: string;
  readonly originalType?: string;
  readonly encrypted: boolean;
  /** Fingerprint of the derived key, 32 hex digits. */
  readonly keyFingerprint?: string;
  readonly payloadBytes: number;
  /** Size of the value before compression, if the envelope was read. */
  readonly rawBytes?: number;
}

/** The facts, and either the value or the reason why there is none. */
export interface PythonReading {
  readonly facts: PythonFacts | undefined;
  /** `version`: written by another release. `decode`: not what its header says. */
  readonly refused: 'version' | 'decode' | 'too-large' | undefined;
  readonly value?: { readonly read: unknown };
  /** Why the value cannot be read here. */
  readonly unopened?: string;
}

const PREFIX_BYTES = 7;
const VERSION = 3;
const CHECKSUM_BYTES = 8;
const MOST_RAW_BYTES = 512 * 2 ** 20;
/** Most raw bytes that an envelope may claim per byte of its block. */
const MOST_RATIO = 1000;

/** Whether the bytes begin with "CK". */
export function isPythonFrame(bytes: Buffer): boolean {
  return bytes.length >= 3 && bytes[0] === 0x43 && bytes[1] === 0x4b;
}

/** Reads a frame. Never throws. */
export function readPythonFrame(bytes: Buffer, lz4: Lz4 | undefined): PythonReading {
  if (bytes[2] !== VERSION) return { facts: undefined, refused: 'version' };
  const headerEnd = bytes.length < PREFIX_BYTES ? Infinity : PREFIX_BYTES + bytes.readUInt32BE(3);
  const header = headerEnd > bytes.length ? undefined : readHeader(bytes.subarray(PREFIX_BYTES, headerEnd));
  if (header === undefined) return { facts: undefined, refused: 'decode' };
  const payload = bytes.subarray(headerEnd);
  const facts = { ...header.facts, payloadBytes: payload.length };
  const value = readPayload(facts, header.isCompressed, payload, lz4);
  if ('refused' in value) return { facts, refused: value.refused };
  const { rawBytes, ...rest } = value;
  return { facts: rawBytes === undefined ? facts : { ...facts, rawBytes }, refused: undefined, ...rest };
}

function readHeader(
  bytes: Buffer,
): { readonly facts: Omit<PythonFacts, 'payloadBytes'>; readonly isCompressed: boolean } | undefined {
  const header = parse(bytes);
  const about = fieldsOf(header?.['m']);
  const [serializer, format] = [header?.['s'], about?.['format']];
  if (about === undefined || !isName(serializer) || !isName(format)) return undefined;
  const { original_type: originalType, key_fingerprint: keyFingerprint } = about;
  return {
    facts: {
      serializer,
      format,
      encrypted: about['encrypted'] === true,
      ...(isName(originalType) ? { originalType } : {}),
      ...(isName(keyFingerprint) ? { keyFingerprint } : {}),
    },
    isCompressed: about['compressed'] === true,
  };
}

/** Names are printed on a terminal, so they must not contain control characters. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w<>.:-]{1,100}$/.test(value);
}

function parse(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return fieldsOf(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined; // read by name
}

type Payload =
  | { readonly rawBytes?: number; readonly value: { readonly read: unknown } }
  | { readonly rawBytes?: number; readonly unopened: string }
  | { readonly refused: 'decode' | 'too-large' };

function readPayload(
  { format, encrypted, originalType }: PythonFacts,
  isCompressed: boolean,
  payload: Buffer,
  lz4: Lz4 | undefined,
): Payload {
  if (encrypted) return { unopened: 'It is encrypted, and only the Python library opens it.' };
  if (format === 'orjson') return readJson(payload);
  if (format !== 'msgpack' || originalType === 'numpy')
    return { unopened: `What it holds (${originalType ?? format}) is read by the Python library only.` };
  try {
    return isCompressed ? readEnvelope(payload, lz4) : { value: { read: decodeInterop(payload) } };
  } catch {
    return { refused: 'decode' };
  }
}

/** JSON after a checksum, or without one if checksums were switched off. */
function readJson(payload: Buffer): Payload {
  for (const at of [CHECKSUM_BYTES, 0])
    try {
      return { value: { read: JSON.parse(payload.toString('utf8', at)) } };
    } catch {
      // Not JSON from here: try the other form.
    }
  return { refused: 'decode' };
}

/**
 * Reads [block, checksum, raw size, format]; the block is bytes or, in older releases, a list of numbers.
 * @throws ERR_CACHEKIT_INTEROP for bytes that are no document
 */
function readEnvelope(payload: Buffer, lz4: Lz4 | undefined): Payload {
  const envelope = decodeInterop(payload);
  if (!Array.isArray(envelope) || envelope.length !== 4) return { refused: 'decode' };
  const [packed, checksum, rawBytes] = envelope as readonly unknown[];
  const block = bytesOf(packed);
  if (block === undefined || bytesOf(checksum)?.length !== CHECKSUM_BYTES) return { refused: 'decode' };
  if (typeof rawBytes !== 'number' || !Number.isSafeInteger(rawBytes) || rawBytes < 0)
    return { refused: 'decode' };
  if (block.length === 0 || rawBytes > MOST_RATIO * block.length) return { refused: 'decode' };
  if (rawBytes > MOST_RAW_BYTES) return { refused: 'too-large' };
  if (lz4 === undefined)
    return { rawBytes, unopened: 'It is compressed, and there is no LZ4 for this platform.' };
  const raw = inflateBody(withSize(block, rawBytes), rawBytes, lz4);
  return raw === undefined ? { refused: 'decode' } : { rawBytes, value: { read: decodeInterop(raw) } };
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  const isList =
    Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
  return isList ? Uint8Array.from(value as readonly number[]) : undefined; // every element was checked
}

function withSize(block: Uint8Array, rawBytes: number): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(rawBytes);
  return Buffer.concat([size, block]);
}
