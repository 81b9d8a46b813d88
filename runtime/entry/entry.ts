// What is known of a stored value besides the value.

/** Epoch ms. Soft expiry: no longer fresh; hard expiry: gone. Equal where nothing serves stale values. */
export interface EntryTimes {
  readonly storedAtMs: number;
  readonly softExpiryMs: number;
  readonly hardExpiryMs: number;
}

/** What the process had seen of the log of invalidations before the value was made (spec/coherence.md). */
export interface Stamp {
  /** Incarnation of the registry; 0: there is none. */
  readonly inc: number;
  /** Position of the log. */
  readonly born: number;
}

export const NO_STAMP: Stamp = { inc: 0, born: 0 };

/** Of one entry: their number is a byte of the stored form. */
export const MAX_TAGS = 255;

/** What an entry says about its value. */
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

export type EncodeResult =
  /** `side`: stored beside the entry, in the same step. */
  | { readonly ok: true; readonly bytes: Uint8Array; readonly side?: Uint8Array }
  | { readonly ok: false; readonly reason: 'too-large' | 'unstorable' };

/** A value that our own decoder made from checked bytes: nobody else holds any part of it. */
export interface Built {
  /** Exactly of the declared type. Else it has more properties than declared, or has them in another order. */
  readonly exact: boolean;
  /** In memory, rather over than under. */
  readonly sizeBytes: number;
}

/** The master key of an entry. */
export interface SealedBy {
  /** Public name, 16 hex digits. */
  readonly keyId: string;
  /** It only reads by now: when no such entry is read any more, the key can go. */
  readonly isPrevious: boolean;
}

/** `built` undefined: an own serializer made the value, and may still hold it. */
export type DecodeResult =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly built: Built | undefined;
      readonly facts: EntryFacts;
      /** Of sealed entries. */
      readonly sealedBy?: SealedBy | undefined;
    }
  | { readonly ok: false; readonly reason: DiscardReason };

/**
 * Turns values into stored bytes and back for one site. Total: hostile bytes are a reason, never an exception.
 * `keyText` is the canonical key text of the call (key/site-key.ts); it is bound to the bytes by key tag or by AAD.
 */
export interface EntryCodec {
  /** The name under which the backend stores this call: `<prefix>:{<43 base64url>}`; an HMAC for secure sites. */
  storedKey(keyText: string): string;
  /** The same under previous master keys, newest first; entries are only read there. */
  olderKeys(keyText: string): readonly string[];
  encode(keyText: string, value: unknown, facts: EntryFacts): EncodeResult;
  decode(keyText: string, bytes: Uint8Array, nowMs: number): DecodeResult;
  /** Where the bytes of an entry hold nothing but its value: what stands beside it. */
  readonly beside?: Beside;
}

/** Facts of an entry whose bytes have no place for them. */
export interface Beside {
  key(keyText: string): string;
  /** What the record says of these very bytes. undefined: it is about others, or no record of ours. */
  read(keyText: string, bytes: Uint8Array, record: Uint8Array | undefined): EntryFacts | undefined;
}
