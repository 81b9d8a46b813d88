// The metadata of a cache entry, and the port that turns a value and its metadata into stored bytes and back.

/**
 * When an entry was stored and when it expires, in epoch ms. After the soft expiry it is stale, after the hard expiry it
 * is gone. Both are equal for a function that never serves stale values.
 */
export interface EntryTimes {
  readonly storedAtMs: number;
  readonly softExpiryMs: number;
  readonly hardExpiryMs: number;
}

/** How much of the invalidation log the process had applied before it computed the value (spec/coherence.md). */
export interface Stamp {
  /** Incarnation of the registry; 0 if there is no registry. */
  readonly inc: number;
  /** Log position that the process had applied. */
  readonly born: number;
}

/** The stamp of an entry made without a registry. */
export const NO_STAMP: Stamp = { inc: 0, born: 0 };

/** Most tags that one entry can have: the stored form counts them in one byte. */
export const MAX_TAGS = 255;

/** The metadata stored with a value. */
export interface EntryFacts {
  readonly times: EntryTimes;
  readonly stamp: Stamp;
  /** Group ids of the tags: `t:` and 16 base64url characters. At most `MAX_TAGS`. */
  readonly tags: readonly string[];
}

/** Why stored bytes were not used: the reasons of the event `cachekit:discard`. */
export type DiscardReason =
  | 'checksum'
  | 'shape'
  | 'version'
  | 'tamper'
  | 'unknown-key'
  | 'other-key'
  | 'superseded'
  | 'replayed'
  | 'decode'
  | 'too-large'
  | 'unstorable'
  | 'expired';

/** The stored bytes of a value, or why it cannot be stored. */
export type EncodeResult =
  /** `side`: a second record, stored under its own key (`Beside.key`) in the same step as the entry. */
  | { readonly ok: true; readonly bytes: Uint8Array; readonly side?: Uint8Array }
  | { readonly ok: false; readonly reason: 'too-large' | 'unstorable' };

/** About a value that our own decoder built from checked bytes: nobody else has a reference to any part of it. */
export interface Built {
  /** The value has exactly the declared properties in the declared order; false if it has more, or another order. */
  readonly exact: boolean;
  /** Estimated size in memory. Errs on the high side. */
  readonly sizeBytes: number;
}

/** The master key that an entry was encrypted or signed with. */
export interface SealedBy {
  /** Public id of the key, 16 hex digits. */
  readonly keyId: string;
  /** A previous master key, used for reading only. It can be removed once no entry sealed with it is read any more. */
  readonly isPrevious: boolean;
}

/** The value of stored bytes, or why the bytes are not used. */
export type DecodeResult =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** undefined if a custom serializer made the value: the serializer may still hold a reference to it. */
      readonly built: Built | undefined;
      readonly facts: EntryFacts;
      /** Only for sealed entries. */
      readonly sealedBy?: SealedBy | undefined;
    }
  | { readonly ok: false; readonly reason: DiscardReason };

/**
 * Turns the values of one site into stored bytes and back. Never throws: hostile bytes give a `DiscardReason`.
 * `keyText` is the canonical key text of the call. The bytes are bound to it by a key tag or, if encrypted, by AAD.
 */
export interface EntryCodec {
  /** The backend key of this call: `<prefix>:{<43 base64url>}`. A hash of the key text; an HMAC for secure sites. */
  storedKey(keyText: string): string;
  /** The backend keys of this call under previous master keys, newest first. Entries there are read, never written. */
  olderKeys(keyText: string): readonly string[];
  encode(keyText: string, value: unknown, facts: EntryFacts): EncodeResult;
  decode(keyText: string, bytes: Uint8Array, nowMs: number): DecodeResult;
  /** Present if the stored bytes hold the value alone (interop entries): the record beside the entry has its metadata. */
  readonly beside?: Beside;
}

/** The side record that holds the metadata of an entry whose own bytes have no room for it. */
export interface Beside {
  /** Backend key of the side record. */
  key(keyText: string): string;
  /** The metadata of exactly these bytes. undefined if the record describes other bytes or is not one of ours. */
  read(keyText: string, bytes: Uint8Array, record: Uint8Array | undefined): EntryFacts | undefined;
}
