// Values ↔ stored bytes of one site: serialise, compress, protect, and the inverse, which trusts no byte.
import type { ValueOps } from '../contract/value-kit.ts';
import { KEY_ID_BYTES, SEAL_BLOCK_BYTES, type Cipher } from '../crypto/cipher.ts';
import type { Signer } from '../crypto/signer.ts';
import {
  MAX_TAGS,
  type DecodeResult,
  type DiscardReason,
  type EncodeResult,
  type EntryCodec,
  type EntryFacts,
  type SealedBy,
} from '../entry/entry.ts';
import { lifeOf } from '../entry/freshness.ts';
import { createKeyNamer, type StoredKey } from '../key/stored-key.ts';
import { tenantOfText } from '../key/tenant-text.ts';
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
  type HeaderFacts,
  type FrameIdentity,
} from './frame.ts';
import { readyCodecs, type Codecs } from './ready.ts';
import { splitTags, withTags } from './tag-list.ts';

/** What a codec needs to know about its site. */
export interface EntryCodecOptions {
  readonly siteId: string;
  readonly namespace: string;
  /** First part of every stored key: `ck1` unless configured. */
  readonly keyPrefix: string;
  /** The part of the key that changes with the types or the code; empty: none. */
  readonly versionText: string;
  /** Fingerprint of parameter and result types, 16 hex digits. Stored in every entry. */
  readonly shape: string;
  /** Id of a built-in, or a configured serializer. */
  readonly serializer: string | Serializer;
  /** Generated value functions; without them values are stored in tagged form. */
  readonly value?: ValueOps | undefined;
  /** Compress bodies from 1 KiB on with LZ4, if that makes them smaller. */
  readonly compress: boolean;
  /**
   * Limit for the serialised value before compression, applied on writing and reading. Values above 1 GiB mean 1 GiB.
   */
  readonly maxSizeBytes: number;
  /** If given, entries are encrypted, names are HMACs, and only such entries are accepted. */
  readonly cipher?: Cipher | undefined;
  /** The cipher of each tenant. Default: `cipher` for all. */
  readonly cipherOf?: ((tenant: string) => Cipher) | undefined;
  /** If given without a cipher, entries carry a MAC, and only such entries are accepted. */
  readonly signer?: Signer | undefined;
}

/** Sizes are u32 in the header. A quarter of that leaves room for everything around the body. */
const MAX_BODY_BYTES = 2 ** 30;

/** Most bytes of tags, which come on top of the value. */
const MAX_TAG_BYTES = 12 * MAX_TAGS;

/** The constant part of encoding and decoding. */
interface Context {
  readonly body: Body;
  readonly identity: FrameIdentity;
  readonly codecs: Codecs;
  readonly signer: Signer | undefined;
  readonly compress: boolean;
  readonly maxSizeBytes: number;
  /** Reason for a broken frame: `tamper` if entries are authenticated, because it may have been broken on purpose. */
  readonly damaged: 'checksum' | 'tamper';
}

/**
 * A codec, whose methods never throw. `loadCodecs()` must have resolved before.
 * @throws ERR_CACHEKIT_CONFIG for a serializer that does not exist
 */
export function createEntryCodec(options: EntryCodecOptions): EntryCodec {
  const { cipher, signer } = options;
  const cipherFor = ciphersByText(options);
  const isAuthenticated = cipher !== undefined || signer !== undefined;
  const body = createBody(options.serializer, options.value);
  const macs = {
    mac: (logical: Buffer, keyText: string) => (cipherFor(keyText) as Cipher).mac(logical), // called only with a cipher
    olderMacs: (logical: Buffer, keyText: string) => cipherFor(keyText)?.olderMacs(logical) ?? [],
  };
  const name = createKeyNamer(options, cipher === undefined ? undefined : macs);
  const keyOf = (keyText: string): CallKey => ({ stored: name(keyText), cipher: cipherFor(keyText) });
  const context: Context = {
    body,
    identity: {
      protection: cipher !== undefined ? 'sealed' : signer === undefined ? 'checksum' : 'signed',
      shape: Buffer.from(options.shape, 'hex'),
      serializerCode: body.serializerCode,
      serializerHash: body.serializerHash,
    },
    codecs: readyCodecs(),
    signer,
    compress: options.compress,
    maxSizeBytes: Math.min(options.maxSizeBytes, MAX_BODY_BYTES),
    damaged: isAuthenticated ? 'tamper' : 'checksum',
  };
  return {
    storedKey: (keyText) => name(keyText).name,
    olderKeys: (keyText) => name(keyText).olderNames,
    encode(keyText, value, facts) {
      try {
        return encodeEntry(context, keyOf(keyText), value, facts);
      } catch {
        return { ok: false, reason: 'unstorable' };
      }
    },
    decode(keyText, bytes, nowMs) {
      try {
        return decodeEntry(context, keyOf(keyText), asBuffer(bytes), nowMs);
      } catch {
        return discard('decode');
      }
    },
  };
}

/** Identity of a call in the store, and the cipher of its tenant. */
interface CallKey {
  readonly stored: StoredKey;
  readonly cipher: Cipher | undefined;
}

function ciphersByText({ cipher, cipherOf }: EntryCodecOptions): (keyText: string) => Cipher | undefined {
  return (keyText) => {
    const tenant = cipherOf === undefined ? undefined : tenantOfText(keyText);
    return tenant === undefined ? cipher : cipherOf?.(tenant);
  };
}

function encodeEntry(context: Context, key: CallKey, value: unknown, facts: EntryFacts): EncodeResult {
  const times = wholeTimes(facts.times);
  const { stamp, tags } = facts;
  if (times === undefined || tags.length > MAX_TAGS) return { ok: false, reason: 'unstorable' };
  const serialized = context.body.write(value);
  if (typeof serialized === 'string') return { ok: false, reason: serialized };
  const { form, raw } = serialized;
  let packed: Buffer | undefined;
  let plain: Buffer | undefined;
  try {
    if (raw.length > context.maxSizeBytes) return { ok: false, reason: 'too-large' };
    packed = context.compress ? compressBody(raw, context.codecs.lz4) : undefined;
    plain = withTags(tags, packed ?? raw);
    const header: FrameHeader = {
      ...context.identity,
      compressed: packed !== undefined,
      form,
      times,
      stamp,
      tagCount: tags.length,
      keyTag: key.stored.tag,
      rawSizeBytes: raw.length,
      bodySizeBytes: plain.length,
    };
    return { ok: true, bytes: writeFrame(context, key, header, plain) };
  } finally {
    // Wiped, because the buffer is reused for the next value. The bytes of a custom serializer may be in use elsewhere.
    if (form !== 'custom') raw.fill(0);
    if (key.cipher !== undefined) for (const made of [packed, plain]) if (made !== raw) made?.fill(0);
  }
}

function writeFrame(context: Context, key: CallKey, header: FrameHeader, plain: Buffer): Buffer {
  const { protection } = header;
  const bodyStart = headerSizeBytes(protection);
  const bodyEnd = bodyStart + plain.length;
  // Not from the pool, whose neighbouring bytes may hold plaintext.
  const frame = Buffer.allocUnsafeSlow(bodyEnd + trailerSizeBytes(protection));
  writeHeader(frame, header);
  const head = frame.subarray(0, bodyStart);
  if (key.cipher === undefined) {
    plain.copy(frame, bodyStart);
    if (context.signer === undefined)
      frame.writeBigUInt64LE(context.codecs.checksum(frame.subarray(0, bodyEnd)), bodyEnd);
    else context.signer.sign(head, key.stored.logical, plain).copy(frame, bodyEnd);
    return frame;
  }
  const sealed = key.cipher.seal(head, key.stored.logical, plain);
  sealed.body.copy(frame, bodyStart);
  sealed.tag.copy(frame, bodyEnd);
  return frame;
}

function decodeEntry(context: Context, key: CallKey, bytes: Buffer, nowMs: number): DecodeResult {
  if (bytes.length > context.maxSizeBytes + MAX_FRAME_OVERHEAD_BYTES + MAX_TAG_BYTES)
    return discard('too-large');
  const frame = parseFrame(bytes);
  if (typeof frame === 'string') return discard(frame === 'damaged' ? context.damaged : frame);
  const { header } = frame;
  const mismatch = findMismatch(context, key.stored, frame, nowMs);
  if (mismatch !== undefined) return discard(mismatch);
  const plain = unprotect(context, key, frame);
  if (typeof plain === 'string') return discard(plain);
  if (key.cipher === undefined) return readPlain(context, header, plain);
  try {
    const decoded = readPlain(context, header, plain);
    return decoded.ok ? { ...decoded, sealedBy: sealedBy(key.cipher, frame) } : decoded;
  } finally {
    plain.fill(0); // decoded values share no memory with it
  }
}

/** Reads tags and value from a body that is verified and decrypted. */
function readPlain(context: Context, header: HeaderFacts, plain: Buffer): DecodeResult {
  const split = splitTags(plain, header.tagCount);
  if (split === undefined) return discard('decode');
  const raw = unpack(context, header, split.value);
  if (typeof raw === 'string') return discard(raw);
  try {
    const result = context.body.read(raw, header.form);
    if (!result.ok) return discard('decode');
    const { times, stamp } = header;
    const { value, built } = result;
    return { ok: true, value, built, facts: { times, stamp, tags: split.tags } };
  } finally {
    if (header.protection === 'sealed') raw.fill(0);
  }
}

/** Cheap checks of the header alone, before any byte of the body is read. */
function findMismatch(
  { identity }: Context,
  key: StoredKey,
  frame: Frame,
  nowMs: number,
): DiscardReason | undefined {
  const { header } = frame;
  // `tamper`: the entry is protected less than this site demands, so somebody may have forged it.
  if (header.protection !== identity.protection)
    return identity.protection === 'checksum' || header.protection === 'sealed' ? 'version' : 'tamper';
  if (header.serializerCode !== identity.serializerCode) return 'version';
  if (!frame.hasSerializerHash(identity.serializerHash)) return 'version';
  if (!frame.hasKeyTag(key.tag) && !key.older.some(({ tag }) => frame.hasKeyTag(tag))) return 'other-key';
  if (!frame.hasShape(identity.shape)) return 'shape';
  return lifeOf(header.times, nowMs) === undefined ? 'expired' : undefined;
}

/** The body after its checksum, MAC or encryption was verified, and decrypted. */
function unprotect(
  { signer, codecs }: Context,
  { stored, cipher }: CallKey,
  frame: Frame,
): Buffer | DiscardReason {
  if (cipher !== undefined) return cipher.open(frame.head, stored.logical, frame.body, frame.trailer);
  if (signer !== undefined)
    return signer.verify(frame.head, stored.logical, frame.body, frame.trailer) ?? frame.body;
  return codecs.checksum(frame.covered) === frame.checksum ? frame.body : 'checksum';
}

function sealedBy(cipher: Cipher, { head }: Frame): SealedBy {
  const start = head.length - SEAL_BLOCK_BYTES;
  const id = head.subarray(start, start + KEY_ID_BYTES);
  return { keyId: id.toString('hex'), isPrevious: !id.equals(cipher.keyId) };
}

function unpack(context: Context, header: HeaderFacts, plain: Buffer): Buffer | DiscardReason {
  if (header.rawSizeBytes > context.maxSizeBytes) return 'too-large';
  if (!header.compressed) return plain.length === header.rawSizeBytes ? plain : 'decode';
  const { lz4 } = context.codecs;
  if (lz4 === undefined) return 'version';
  return inflateBody(plain, header.rawSizeBytes, lz4) ?? 'decode';
}

function discard(reason: DiscardReason): DecodeResult {
  return { ok: false, reason };
}
