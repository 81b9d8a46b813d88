// Port: encrypts (seals) entry bodies and hides key names. Implemented by aes-gcm.ts.

/** Bytes the cipher needs at the end of the header: key id 8, salt 16, commitment 16, nonce 12. */
export const SEAL_BLOCK_BYTES = 52;

/** Bytes of the authentication tag after the body. */
export const SEAL_TAG_BYTES = 16;

/** Bytes of the public name of a master key, at the start of the seal block. */
export const KEY_ID_BYTES = 8;

/** Seals and opens entries of one tenant. */
export interface Cipher {
  /** Public name of the master key that seals. */
  readonly keyId: Buffer;
  /** 32 bytes: HMAC-SHA-256 under a key that stays the same across processes and restarts. */
  mac(data: Uint8Array): Buffer;
  /** The same under each previous key, newest first: entries from before a key rotation have these names. */
  olderMacs(data: Uint8Array): readonly Buffer[];
  /**
   * Fills the last SEAL_BLOCK_BYTES of `header`, then encrypts `plain`, binding the header and `context`. The result
   * has the length of `plain`.
   */
  seal(
    header: Buffer,
    context: Uint8Array,
    plain: Uint8Array,
  ): { readonly body: Buffer; readonly tag: Buffer };
  /** `unknown-key`: sealed under a key that is not in the ring. `tamper`: header, context, body or tag was changed. */
  open(
    header: Buffer,
    context: Uint8Array,
    body: Uint8Array,
    tag: Uint8Array,
  ): Buffer | 'unknown-key' | 'tamper';
}
