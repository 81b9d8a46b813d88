// What is known of a stored value besides the value.

/** Epoch ms. Soft expiry: no longer fresh; hard expiry: gone. Equal as long as nothing serves stale values. */
export interface EntryTimes {
  readonly storedAtMs: number;
  readonly softExpiryMs: number;
  readonly hardExpiryMs: number;
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
  | 'decode'
  | 'too-large'
  | 'unstorable'
  | 'expired';

export type EncodeResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: 'too-large' | 'unstorable' };

/** A value that our own decoder made from checked bytes: nobody else holds any part of it. */
export interface Built {
  /** Exactly of the declared type. Else it has more properties than declared, or has them in another order. */
  readonly exact: boolean;
  /** In memory, rather over than under. */
  readonly sizeBytes: number;
}

/** `built` undefined: an own serializer made the value, and may still hold it. */
export type DecodeResult =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly built: Built | undefined;
      readonly times: EntryTimes;
    }
  | { readonly ok: false; readonly reason: DiscardReason };

/**
 * Turns values into stored bytes and back for one site. Total: hostile bytes are a reason, never an exception.
 * `keyText` is the canonical key text of the call (key/site-key.ts); it is bound to the bytes by key tag or by AAD.
 */
export interface EntryCodec {
  /** The name under which the backend stores this call: `<prefix>:{<43 base64url>}`; an HMAC for secure sites. */
  storedKey(keyText: string): string;
  encode(keyText: string, value: unknown, times: EntryTimes): EncodeResult;
  decode(keyText: string, bytes: Uint8Array, nowMs: number): DecodeResult;
}
