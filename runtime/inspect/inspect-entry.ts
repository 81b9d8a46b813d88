// One stored entry, read without the function it belongs to: its header, whether it is whole, and its value when asked for.
// Entries of this library; those of interop/v1 and of the Python library are read by the files beside this one.
import type { ValueKit } from '../contract/value-kit.ts';
import type { Wire, WireReader } from '../contract/wire.ts';
import { createCipher } from '../crypto/aes-gcm.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { parseMasterKey } from '../crypto/master-key.ts';
import { createSigner } from '../crypto/signer.ts';
import type { DiscardReason } from '../entry/entry.ts';
import { inflateBody } from '../envelope/compress.ts';
import { CUSTOM_SERIALIZER, parseFrame, type Frame, type HeaderFacts } from '../envelope/frame.ts';
import { loadCodecs, readyCodecs } from '../envelope/ready.ts';
import { splitTags } from '../envelope/tag-list.ts';
import { encodeParts } from '../key/stored-key.ts';
import type { WireFormat } from '../serializer/serializer.ts';
import { findWireFormat } from '../serializer/wire-formats.ts';
import { valueKit } from '../value/value-kit.ts';
import { readInterop, type InteropFacts } from './inspect-interop.ts';
import { isPythonFrame, readPythonFrame, type PythonFacts } from './inspect-python.ts';

export interface EntryQuestion {
  readonly nowMs: number;
  /** Name it was stored under. */
  readonly key?: string | undefined;
  /** The first one writes; with any, entries sealed by an unknown key are recognised. @throws ERR_CACHEKIT_MASTER_KEY */
  readonly masterKeys?: readonly string[];
  /** What is stored beside an entry of interop/v1. */
  readonly record?: Uint8Array | undefined;
  /** Also read the value. */
  readonly open?: boolean;
  /** Namespace, site id, version text and key text of the call: sealed entries open only with them. */
  readonly logical?: readonly string[] | undefined;
  /** Generated readers of the types with that fingerprint, if any are known: values in shaped form have no names. */
  readonly readersOf?: (shape: string, kit: ValueKit) => readonly ((from: WireReader) => unknown)[];
}

export interface EntryReport {
  /** Why any function would refuse it; undefined: whole, and only its own function can tell more (shape, secure or not). */
  readonly refused: DiscardReason | 'not-an-entry' | undefined;
  readonly totalBytes: number;
  /** Undefined when there is none that can be read. */
  readonly header: EntryHeader | undefined;
  /** An entry of interop/v1 instead. */
  readonly interop?: InteropFacts;
  /** An entry in the Python library's own format instead. */
  readonly python?: PythonFacts;
  /** Asked for and readable: the value; its parts in their order where nothing names them; base64 of an own serializer's bytes. */
  readonly value?: unknown;
  /** Of a value in shaped form: whether its parts have their names, by `readersOf`. */
  readonly named?: boolean;
  /** Asked for and not there: why. */
  readonly unopened?: string;
}

export interface EntryHeader {
  readonly encrypted: boolean;
  /** Plain, with a MAC. */
  readonly signed: boolean;
  readonly compressed: boolean;
  readonly form: HeaderFacts['form'];
  readonly serializer: string;
  readonly storedAtMs: number;
  readonly softExpiryMs: number;
  readonly hardExpiryMs: number;
  readonly ageMs: number;
  /** Negative: gone. */
  readonly expiresInMs: number;
  /** 16 hex digits. */
  readonly shape: string;
  /** 32 hex digits: the first half of the digest in the name. */
  readonly keyTag: string;
  /** Which master key sealed it, 16 hex digits. */
  readonly keyId?: string;
  readonly bodyBytes: number;
  readonly rawBytes: number;
}

/** As in the codec: a writer's clock may be ahead by this much. */
const MAX_CLOCK_AHEAD_MS = 60_000;
const MAX_RAW_BYTES = 2 ** 30;
const SERIALIZERS: Readonly<Record<number, string>> = {
  1: 'std',
  2: 'auto',
  3: 'json',
  4: 'arrow',
  [CUSTOM_SERIALIZER]: 'own',
};

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

/** No frame of this library. */
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

/** What was asked for besides. */
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

/** The seal block is the end of the header, and starts with it. */
function keyIdOf(head: Buffer): Buffer {
  return head.subarray(96, 104);
}

function headerRefusal(frame: Frame, { key, nowMs }: EntryQuestion): DiscardReason | undefined {
  const { header } = frame;
  if (SERIALIZERS[header.serializerCode] === undefined) return 'version';
  const digest = /\{([\w-]{43})\}$/.exec(key ?? '')?.[1];
  if (digest !== undefined && !frame.hasKeyTag(Buffer.from(digest, 'base64url').subarray(0, 16)))
    return 'other-key';
  const { storedAtMs, hardExpiryMs } = header.times;
  return nowMs < hardExpiryMs && storedAtMs <= nowMs + MAX_CLOCK_AHEAD_MS ? undefined : 'expired';
}

interface Opened {
  readonly refused?: DiscardReason;
  readonly plain?: Buffer;
  /** Why there is no `plain` though nothing is refused. */
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

/** Its value can be read without a key; whether it is authentic cannot be told without one. */
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

/** By the first type that the bytes are of: types with one fingerprint differ in the order of their properties. */
function readNamed(
  format: WireFormat,
  raw: Buffer,
  readers: readonly ((from: WireReader) => unknown)[],
): { readonly value: unknown; readonly named: true } | undefined {
  for (const reader of readers) {
    try {
      return { value: format.read(raw, reader).value, named: true };
    } catch {
      // of another order, or damaged: then no reader takes it
    }
  }
  return undefined;
}
