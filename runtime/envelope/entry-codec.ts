// Values ↔ stored bytes for one site: serialise, compress, protect, and all of it backwards without ever trusting a byte.
import type { ValueOps } from '../contract/value-kit.ts';
import type { Cipher } from '../crypto/cipher.ts';
import type { DecodeResult, DiscardReason, EncodeResult, EntryCodec, EntryTimes } from '../entry/entry.ts';
import { createKeyNamer, type StoredKey } from '../key/stored-key.ts';
import type { Serializer } from '../serializer/serializer.ts';
import { asBuffer, createBody, type Body } from './body.ts';
import { compressBody, inflateBody } from './compress.ts';
import {
  headerSizeBytes,
  MAX_FRAME_OVERHEAD_BYTES,
  parseFrame,
  trailerSizeBytes,
  wholeTimes,
  writeHeader,
  type Frame,
  type FrameHeader,
  type FrameIdentity,
} from './frame.ts';
import { readyCodecs, type Codecs } from './ready.ts';

export interface EntryCodecOptions {
  readonly siteId: string;
  readonly namespace: string;
  /** First part of every stored key: `ck1` unless configured. */
  readonly keyPrefix: string;
  /** What of types or code is part of the key; empty: nothing. */
  readonly versionText: string;
  /** Fingerprint of parameter and result types, 16 hex digits: stands in every entry. */
  readonly shape: string;
  /** Id of a built-in, or an own one. */
  readonly serializer: string | Serializer;
  /** Generated value functions; without them values travel in tagged form. */
  readonly value?: ValueOps | undefined;
  /** LZ4 from 1 KB on, where it makes the body smaller. */
  readonly compress: boolean;
  /** Of the serialised value, before compression; held when writing and when reading. At most 1 GiB counts. */
  readonly maxSizeBytes: number;
  /** Given: entries are encrypted, names are HMACs, and only such entries are accepted. */
  readonly cipher?: Cipher | undefined;
}

/** Sizes are u32 in the header; half of that leaves room for everything around the body. */
const MAX_BODY_BYTES = 2 ** 30;

/** A writer's clock may be ahead by this much; entries from further in the future would live too long. */
const MAX_CLOCK_AHEAD_MS = 60_000;

interface Context {
  readonly body: Body;
  readonly identity: FrameIdentity;
  readonly codecs: Codecs;
  readonly cipher: Cipher | undefined;
  readonly compress: boolean;
  readonly maxSizeBytes: number;
  /** What a broken entry is called: with encryption on somebody may have done it. */
  readonly damaged: 'checksum' | 'tamper';
}

/**
 * `loadCodecs()` must have resolved. @throws ERR_CACHEKIT_CONFIG for a serializer that does not exist. The codec itself
 * never throws.
 */
export function createEntryCodec(options: EntryCodecOptions): EntryCodec {
  const { cipher } = options;
  const body = createBody(options.serializer, options.value);
  const name = createKeyNamer(options, cipher === undefined ? undefined : (logical) => cipher.mac(logical));
  const context: Context = {
    body,
    identity: {
      encrypted: cipher !== undefined,
      shape: Buffer.from(options.shape, 'hex'),
      serializerCode: body.serializerCode,
      serializerHash: body.serializerHash,
    },
    codecs: readyCodecs(),
    cipher,
    compress: options.compress,
    maxSizeBytes: Math.min(options.maxSizeBytes, MAX_BODY_BYTES),
    damaged: cipher === undefined ? 'checksum' : 'tamper',
  };
  return {
    storedKey: (keyText) => name(keyText).name,
    encode(keyText, value, times) {
      try {
        return encodeEntry(context, name(keyText), value, times);
      } catch {
        return { ok: false, reason: 'unstorable' };
      }
    },
    decode(keyText, bytes, nowMs) {
      try {
        return decodeEntry(context, name(keyText), asBuffer(bytes), nowMs);
      } catch {
        return discard('decode');
      }
    },
  };
}

function encodeEntry(context: Context, key: StoredKey, value: unknown, asked: EntryTimes): EncodeResult {
  const times = wholeTimes(asked);
  if (times === undefined) return { ok: false, reason: 'unstorable' };
  const serialized = context.body.write(value);
  if (typeof serialized === 'string') return { ok: false, reason: serialized };
  const { form, raw } = serialized;
  if (raw.length > context.maxSizeBytes) return { ok: false, reason: 'too-large' };
  const packed = context.compress ? compressBody(raw, context.codecs.lz4) : undefined;
  const plain = packed ?? raw;
  const header: FrameHeader = {
    ...context.identity,
    compressed: packed !== undefined,
    form,
    times,
    keyTag: key.tag,
    rawSizeBytes: raw.length,
    bodySizeBytes: plain.length,
  };
  return { ok: true, bytes: writeFrame(context, key, header, plain) };
}

function writeFrame(context: Context, key: StoredKey, header: FrameHeader, plain: Buffer): Buffer {
  const bodyStart = headerSizeBytes(header.encrypted);
  const bodyEnd = bodyStart + plain.length;
  // Memory of its own: neighbours in a pool may hold plaintext.
  const frame = Buffer.allocUnsafeSlow(bodyEnd + trailerSizeBytes(header.encrypted));
  writeHeader(frame, header);
  if (context.cipher === undefined) {
    plain.copy(frame, bodyStart);
    frame.writeBigUInt64LE(context.codecs.checksum(frame.subarray(0, bodyEnd)), bodyEnd);
    return frame;
  }
  const sealed = context.cipher.seal(frame.subarray(0, bodyStart), key.logical, plain);
  sealed.body.copy(frame, bodyStart);
  sealed.tag.copy(frame, bodyEnd);
  return frame;
}

function decodeEntry(context: Context, key: StoredKey, bytes: Buffer, nowMs: number): DecodeResult {
  if (bytes.length > context.maxSizeBytes + MAX_FRAME_OVERHEAD_BYTES) return discard('too-large');
  const frame = parseFrame(bytes);
  if (typeof frame === 'string') return discard(frame === 'damaged' ? context.damaged : frame);
  const { header } = frame;
  const mismatch = findMismatch(context, key, header, nowMs);
  if (mismatch !== undefined) return discard(mismatch);
  const plain = unprotect(context, key, frame);
  if (typeof plain === 'string') return discard(plain);
  const raw = unpack(context, header, plain);
  if (typeof raw === 'string') return discard(raw);
  const result = context.body.read(raw, header.form);
  return result.ok
    ? { ok: true, value: result.value, built: result.built, times: header.times }
    : discard('decode');
}

/** Everything the header alone tells; cheap, and before any byte of the body is looked at. */
function findMismatch(
  context: Context,
  key: StoredKey,
  header: FrameHeader,
  nowMs: number,
): DiscardReason | undefined {
  const { identity } = context;
  if (header.encrypted !== identity.encrypted) return identity.encrypted ? 'tamper' : 'version';
  if (header.serializerCode !== identity.serializerCode) return 'version';
  if (!header.serializerHash.equals(identity.serializerHash)) return 'version';
  if (!header.keyTag.equals(key.tag)) return 'other-key';
  if (!header.shape.equals(identity.shape)) return 'shape';
  const { storedAtMs, hardExpiryMs } = header.times;
  // Written so that a clock that gives NaN expires everything.
  if (!(nowMs < hardExpiryMs && storedAtMs <= nowMs + MAX_CLOCK_AHEAD_MS)) return 'expired';
  return undefined;
}

/** The body as it was before encryption, authentic; or as it is, with its checksum right. */
function unprotect(context: Context, key: StoredKey, frame: Frame): Buffer | DiscardReason {
  if (context.cipher !== undefined) {
    return context.cipher.open(frame.head, key.logical, frame.body, frame.trailer);
  }
  return context.codecs.checksum(frame.covered) === frame.trailer.readBigUInt64LE(0)
    ? frame.body
    : 'checksum';
}

function unpack(context: Context, header: FrameHeader, plain: Buffer): Buffer | DiscardReason {
  if (header.rawSizeBytes > context.maxSizeBytes) return 'too-large';
  if (!header.compressed) return plain.length === header.rawSizeBytes ? plain : 'decode';
  const { lz4 } = context.codecs;
  if (lz4 === undefined) return 'version';
  return inflateBody(plain, header.rawSizeBytes, lz4) ?? 'decode';
}

function discard(reason: DiscardReason): DecodeResult {
  return { ok: false, reason };
}
