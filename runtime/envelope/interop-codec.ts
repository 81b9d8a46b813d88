// Values ↔ stored bytes of a function with `interop`: exactly one document of interop/v1, or its encrypted form. Total, like
// every entry codec.
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

export interface InteropCodecOptions {
  readonly keyPrefix: string;
  /** Of the document, held when writing and when reading. */
  readonly maxSizeBytes: number;
  readonly value: ValueOps | undefined;
  /** Given: entries are encrypted, and only such entries are accepted. */
  readonly vault: InteropVault | undefined;
  /** Where the declared type says Float64. */
  readonly floats?: InteropFloats | undefined;
}

/** Nonce and tag of an encrypted entry. */
const SEAL_BYTES = 28;

/** Nothing is known of an entry that another language wrote. */
const UNKNOWN: EntryFacts = {
  times: { storedAtMs: 0, softExpiryMs: 0, hardExpiryMs: 0 },
  stamp: NO_STAMP,
  tags: [],
};

/** The key text of such a function is its interop key. */
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
  // A Map would come back as an object, a small bigint as a number: then a hit would not be what a miss is.
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
 * With its properties in the order of their declaration where the type says one: documents have their own. undefined: not
 * of the declared type. @throws ERR_CACHEKIT_INTEROP
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

/** The generated copy reads by name and writes in order; it knows declared properties only. */
function reorder(value: unknown, ops: ValueOps): unknown {
  try {
    return (ops.copy as ((value: unknown) => unknown) | undefined)?.(value); // what it makes is checked by its caller
  } catch {
    return undefined;
  }
}

function refuse(reason: DiscardReason): DecodeResult {
  return { ok: false, reason };
}
