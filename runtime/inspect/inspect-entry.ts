// Inspects one stored entry without the function it belongs to: its header, whether it is whole, and its value if asked
// for. Entries of interop/v1 and of cachekit for Python are read by the files beside this one.
import type { ValueKit } from '../contract/value-kit.ts';
import type { Wire, WireReader } from '../contract/wire.ts';
import { createCipher } from '../crypto/aes-gcm.ts';
import { KEY_ID_BYTES } from '../crypto/cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { parseMasterKey } from '../crypto/master-key.ts';
import { createSigner } from '../crypto/signer.ts';
import type { DiscardReason } from '../entry/entry.ts';
import { lifeOf } from '../entry/freshness.ts';
import { inflateBody } from '../envelope/compress.ts';
import {
  CUSTOM_SERIALIZER,
  FRAME_HEAD_BYTES,
  parseFrame,
  type Frame,
  type HeaderFacts,
} from '../envelope/frame.ts';
import { loadCodecs, readyCodecs } from '../envelope/ready.ts';
import { splitTags } from '../envelope/tag-list.ts';
import { encodeParts } from '../key/stored-key.ts';
import type { WireFormat } from '../serializer/serializer.ts';
import { findWireFormat } from '../serializer/wire-formats.ts';
import { valueKit } from '../value/value-kit.ts';
import { readInterop, type InteropFacts } from './inspect-interop.ts';
import { isPythonFrame, readPythonFrame, type PythonFacts } from './inspect-python.ts';

/** What to find out, and what is known about the entry. */
export interface EntryQuestion {
  readonly nowMs: number;
  /** Name under which the entry is stored. */
  readonly key?: string | undefined;
  /**
   * Primary key first. With any, an entry sealed by another key is reported as such.
   * @throws ERR_CACHEKIT_MASTER_KEY
   */
  readonly masterKeys?: readonly string[];
  /** The record that is stored beside an entry of interop/v1. */
  readonly record?: Uint8Array | undefined;
  /** Read the value too. */
  readonly open?: boolean;
  /** Namespace, site id, version text and key text of the call. Sealed entries open only with them. */
  readonly logical?: readonly string[] | undefined;
  /** Generated readers for types with this fingerprint, if known: values in shaped form have no property names. */
  readonly readersOf?: (shape: string, kit: ValueKit) => readonly ((from: WireReader) => unknown)[];
}

/** What was found. */
export interface EntryReport {
  /**
   * Why any function would discard the entry. undefined: it is whole, and only its own function can check more (shape,
   * protection).
   */
  readonly refused: DiscardReason | 'not-an-entry' | undefined;
  readonly totalBytes: number;
  /** undefined: there is no readable header. */
  readonly header: EntryHeader | undefined;
  /** Set if it is an entry of interop/v1. */
  readonly interop?: InteropFacts;
  /** Set if it is an entry in the format of cachekit for Python. */
  readonly python?: PythonFacts;
  /**
   * The value, if asked for and readable: its parts in order if their names are not known; the bytes of a custom
   * serializer in base64.
   */
  readonly value?: unknown;
  /** For a value in shaped form: whether `readersOf` gave the names of its parts. */
  readonly named?: boolean;
  /** Why there is no value although it was asked for. */
  readonly unopened?: string;
}

/** The header of an entry, with ages. */
export interface EntryHeader {
  readonly encrypted: boolean;
  /** Not encrypted, but with a MAC. */
  readonly signed: boolean;
  readonly compressed: boolean;
  readonly form: HeaderFacts['form'];
  readonly serializer: string;
  readonly storedAtMs: number;
  readonly softExpiryMs: number;
  readonly hardExpiryMs: number;
  readonly ageMs: number;
  /** Negative: expired. */
  readonly expiresInMs: number;
  /** 16 hex digits. */
  readonly shape: string;
  /** 32 hex digits: the first half of the digest in the name. */
  readonly keyTag: string;
  /** Public name of the master key that sealed or signed it, 16 hex digits. */
  readonly keyId?: string;
  readonly bodyBytes: number;
  readonly rawBytes: number;
}

const MAX_RAW_BYTES = 2 ** 30;
/** Names by the code in the header. */
const SERIALIZERS: Readonly<Record<number, string>> = {
  1: 'std',
  2: 'auto',
  3: 'json',
  4: 'arrow',
  [CUSTOM_SERIALIZER]: 'own',
};

/** Inspects stored bytes of any format. Never changes anything. */
export async function inspectEntry(bytes: Uint8Array, question: EntryQuestion): Promise<EntryReport> {
  await loadCodecs();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const totalBytes = buffer.length;
  const ring = ringOf(question.masterKeys ?? []);
  const frame = parseFrame(buffer);
  if (typeof frame === 'string') {
    const isOurs = buffer.length >= 4 && buffer.subarray(0, 4).equals(Buffer.from('c1434b46', 'hex'));
    if (!isOurs) return inspectOther(buffer, ring, question);
    return { refused: frame === 'damaged' ? 'checksum' : 'version', totalBytes, header: undefined };
  }
  const opened = openBody(frame, ring, question);
  const refused = headerRefusal(frame, question) ?? opened.refused;
  const report = { refused, totalBytes, header: describe(frame, question.nowMs) };
  if (question.open !== true) return report;
  return opened.plain === undefined
    ? { ...report, unopened: opened.reason ?? 'It is not whole.' }
    : { ...report, ...readValue(frame, opened.plain, question) };
}

/** Inspects bytes that are no frame of this library. */
function inspectOther(bytes: Buffer, ring: KeyRing | undefined, question: EntryQuestion): EntryReport {
  const common = { totalBytes: bytes.length, header: undefined } as const;
  if (isPythonFrame(bytes)) {
    const { facts, refused, value, unopened } = readPythonFrame(bytes, readyCodecs().lz4);
    const report = { ...common, refused, ...(facts === undefined ? {} : { python: facts }) };
    return { ...report, ...shown(question, refused, value, unopened) };
  }
  const { nowMs, key, record } = question;
  const found = readInterop(bytes, { nowMs, key, record, ring });
  if (found === undefined) return { ...common, refused: 'not-an-entry' };
  const { facts, refused, value } = found;
  const why = facts.protection === 'unknown' ? 'It is no document: encrypted, or damaged.' : undefined;
  return { ...common, refused, interop: facts, ...shown(question, refused, value, why) };
}

/** The value or the reason why there is none, if the value was asked for. */
function shown(
  { open }: EntryQuestion,
  refused: EntryReport['refused'],
  value: { readonly read: unknown } | undefined,
  unopened: string | undefined,
): Pick<EntryReport, 'value' | 'unopened'> {
  if (open !== true) return {};
  if (value !== undefined) return { value: value.read };
  return { unopened: unopened ?? (refused === undefined ? 'It cannot be read.' : 'It is not whole.') };
}

function ringOf(texts: readonly string[]): KeyRing | undefined {
  const [primary, ...previous] = texts.map((text) => parseMasterKey(text));
  return primary === undefined ? undefined : new KeyRing(primary, previous);
}

function describe(frame: Frame, nowMs: number): EntryHeader {
  const { header } = frame;
  const { times } = header;
  return {
    encrypted: header.protection === 'sealed',
    signed: header.protection === 'signed',
    compressed: header.compressed,
    form: header.form,
    serializer: SERIALIZERS[header.serializerCode] ?? `number ${header.serializerCode}`,
    ...times,
    ageMs: nowMs - times.storedAtMs,
    expiresInMs: times.hardExpiryMs - nowMs,
    shape: frame.shape.toString('hex'),
    keyTag: frame.keyTag.toString('hex'),
    ...(header.protection !== 'checksum' ? { keyId: keyIdOf(frame.head).toString('hex') } : {}),
    bodyBytes: header.bodySizeBytes,
    rawBytes: header.rawSizeBytes,
  };
}

/** The key id comes first in what sealed and signed headers have after the common part. */
function keyIdOf(head: Buffer): Buffer {
  return head.subarray(FRAME_HEAD_BYTES, FRAME_HEAD_BYTES + KEY_ID_BYTES);
}

function headerRefusal(frame: Frame, { key, nowMs }: EntryQuestion): DiscardReason | undefined {
  const { header } = frame;
  if (SERIALIZERS[header.serializerCode] === undefined) return 'version';
  const digest = /\{([\w-]{43})\}$/.exec(key ?? '')?.[1];
  if (digest !== undefined && !frame.hasKeyTag(Buffer.from(digest, 'base64url').subarray(0, 16)))
    return 'other-key';
  return lifeOf(header.times, nowMs) === undefined ? 'expired' : undefined;
}

interface Opened {
  readonly refused?: DiscardReason;
  readonly plain?: Buffer;
  /** Why there is no `plain` although the entry is not refused. */
  readonly reason?: string;
}

function openBody(frame: Frame, ring: KeyRing | undefined, question: EntryQuestion): Opened {
  const { header, head, body, trailer } = frame;
  if (header.protection === 'signed') return openSigned(frame, ring, question);
  if (header.protection === 'checksum') {
    const isWhole = readyCodecs().checksum(frame.covered) === frame.checksum;
    return isWhole ? inflate(header, body) : { refused: 'checksum' };
  }
  if (ring === undefined) return { reason: 'It is encrypted, and there is no master key.' };
  if (ring.find(keyIdOf(head)) === undefined) return { refused: 'unknown-key' };
  if (question.logical === undefined)
    return { reason: 'It is encrypted, and opens only with the four texts of its logical key.' };
  const plain = createCipher(ring).open(head, encodeParts(question.logical), body, trailer);
  return typeof plain === 'string' ? { refused: plain } : inflate(header, plain);
}

/** A signed value can be read without a key, but not verified. */
function openSigned(
  { header, head, body, trailer }: Frame,
  ring: KeyRing | undefined,
  { logical }: EntryQuestion,
): Opened {
  if (ring === undefined || logical === undefined) return inflate(header, body);
  const problem = createSigner(ring).verify(head, encodeParts(logical), body, trailer);
  return problem === undefined ? inflate(header, body) : { refused: problem };
}

function inflate(header: HeaderFacts, body: Buffer): Opened {
  const plain = splitTags(body, header.tagCount)?.value;
  if (plain === undefined) return { refused: 'decode' };
  if (!header.compressed) return plain.length === header.rawSizeBytes ? { plain } : { refused: 'decode' };
  const { lz4 } = readyCodecs();
  if (lz4 === undefined) return { reason: 'It is compressed, and there is no LZ4 for this platform.' };
  if (header.rawSizeBytes > MAX_RAW_BYTES) return { refused: 'too-large' };
  const raw = inflateBody(plain, header.rawSizeBytes, lz4);
  return raw === undefined ? { refused: 'decode' } : { plain: raw };
}

function readValue(
  frame: Frame,
  raw: Buffer,
  { readersOf }: EntryQuestion,
): Pick<EntryReport, 'value' | 'named' | 'unopened'> | { refused: 'decode' } {
  const { header } = frame;
  if (header.form === 'custom') return { value: raw.toString('base64') };
  try {
    const format = findWireFormat(SERIALIZERS[header.serializerCode] ?? '');
    if (format === undefined) return { unopened: 'There is no such serializer.' };
    if (header.form === 'shaped') {
      const readers = readersOf?.(frame.shape.toString('hex'), valueKit) ?? [];
      return readNamed(format, raw, readers) ?? { value: readParts(format, raw), named: false };
    }
    return { value: valueKit.toAny(readParts(format, raw)) };
  } catch {
    return { refused: 'decode' };
  }
}

function readParts(format: WireFormat, raw: Buffer): Wire {
  return format.read(raw, (from) => from.wire()).value;
}

/** Tries one reader after another: types with the same fingerprint can differ in the order of their properties. */
function readNamed(
  format: WireFormat,
  raw: Buffer,
  readers: readonly ((from: WireReader) => unknown)[],
): { readonly value: unknown; readonly named: true } | undefined {
  for (const reader of readers) {
    try {
      return { value: format.read(raw, reader).value, named: true };
    } catch {
      // The properties are in another order, or the bytes are damaged, in which case every reader fails.
    }
  }
  return undefined;
}
