// Values ↔ stored bytes of a function with `interop`: exactly one document of interop/v1, plain or encrypted. Never
// throws, like every entry codec.
import type { InteropFloats } from '../contract/float-places.ts';
import type { ValueOps } from '../contract/value-kit.ts';
import type { InteropVault } from '../crypto/vault.ts';
import type { DecodeResult, DiscardReason, EncodeResult, EntryCodec, EntryFacts } from '../entry/entry.ts';
import { NO_STAMP } from '../entry/entry.ts';
import { decodeInterop } from '../interop/decode-interop.ts';
import { encodeTyped } from '../interop/encode-interop.ts';
import { openInterop, sealInterop } from '../interop/seal-interop.ts';
import { areEqual } from '../value/are-equal.ts';
import { asBuffer } from './body.ts';
import { readRecord, writeRecord } from './interop-record.ts';

/** What the codec needs to know about its site. */
export interface InteropCodecOptions {
  readonly keyPrefix: string;
  /** Limit for the document, applied on writing and reading. */
  readonly maxSizeBytes: number;
  readonly value: ValueOps | undefined;
  /** If given, entries are encrypted, and only such entries are accepted. */
  readonly vault: InteropVault | undefined;
  /** Places that are declared `Float64`. */
  readonly floats?: InteropFloats | undefined;
}

/** Length of nonce and tag of an encrypted entry. */
const SEAL_BYTES = 28;

/** Facts of an entry that another language wrote: the document has no room for any. */
const UNKNOWN: EntryFacts = {
  times: { storedAtMs: 0, softExpiryMs: 0, hardExpiryMs: 0 },
  stamp: NO_STAMP,
  tags: [],
};

/** A codec for which the key text of a call is its interop key. */
export function createInteropCodec(options: InteropCodecOptions): EntryCodec {
  const { keyPrefix, vault } = options;
  return {
    storedKey: (keyText) => keyText,
    olderKeys: () => [],
    encode(keyText, value, facts) {
      try {
        return encode(options, keyText, value, facts);
      } catch {
        return { ok: false, reason: 'unstorable' }; // outside the data model
      }
    },
    decode(keyText, bytes) {
      try {
        return decode(options, keyText, bytes);
      } catch {
        return refuse('decode');
      }
    },
    beside: {
      key: (keyText) => `${keyPrefix}:s:{${keyText}}`,
      read: (keyText, bytes, record) =>
        record === undefined ? undefined : readRecord(keyText, bytes, asBuffer(record), vault?.mac),
    },
  };
}

function encode(
  { vault, value: ops, maxSizeBytes, floats }: InteropCodecOptions,
  keyText: string,
  value: unknown,
  facts: EntryFacts,
): EncodeResult {
  const document = encodeTyped(value, floats);
  if (document.length > maxSizeBytes) return { ok: false, reason: 'too-large' };
  // A hit must equal a miss, but a Map would come back as an object, and a small bigint as a number.
  const back = readDocument(document, ops);
  if (back === undefined || !areEqual(back.value, value)) return { ok: false, reason: 'unstorable' };
  const bytes = vault === undefined ? document : sealInterop(vault.keys, keyText, document);
  const side = writeRecord(keyText, bytes, facts, vault?.mac);
  return side === undefined ? { ok: false, reason: 'unstorable' } : { ok: true, bytes, side };
}

function decode(
  { vault, value: ops, maxSizeBytes }: InteropCodecOptions,
  keyText: string,
  bytes: Uint8Array,
): DecodeResult {
  if (bytes.length > maxSizeBytes + SEAL_BYTES) return refuse('too-large');
  const opened = vault === undefined ? undefined : openInterop(vault.keys, keyText, bytes);
  if (typeof opened === 'string') return refuse(opened);
  const plain = opened?.plain ?? bytes;
  if (plain.length > maxSizeBytes) return refuse('too-large');
  const read = readDocument(plain, ops);
  if (read === undefined) return refuse('decode');
  const keyId = opened === undefined ? undefined : vault?.keyIds[opened.keyIndex];
  const decoded = { ok: true, value: read.value, built: undefined, facts: UNKNOWN } as const;
  return keyId === undefined
    ? decoded
    : { ...decoded, sealedBy: { keyId, isPrevious: opened?.keyIndex !== 0 } };
}

/**
 * The value of a document, with its properties in declared order if possible: documents have an order of their own.
 * undefined: the value is not of the declared type. @throws ERR_CACHEKIT_INTEROP
 */
function readDocument(
  document: Uint8Array,
  ops: ValueOps | undefined,
): { readonly value: unknown } | undefined {
  const value = decodeInterop(document);
  if (ops === undefined || ops.accepts(value)) return { value };
  if (!ops.accepts(value, true)) return undefined;
  const ordered = reorder(value, ops);
  return areEqual(ordered, value) && ops.accepts(ordered) ? { value: ordered } : { value };
}

/** Uses the generated copy, which has the properties in declared order; but only declared ones, so check the result. */
function reorder(value: unknown, ops: ValueOps): unknown {
  try {
    return (ops.copy as ((value: unknown) => unknown) | undefined)?.(value); // the caller checks the result
  } catch {
    return undefined;
  }
}

function refuse(reason: DiscardReason): DecodeResult {
  return { ok: false, reason };
}
