// MACs for plain entries: whoever can write to the backend but lacks the master key cannot forge or change entries.
import type { KeyObject } from 'node:crypto';
import { KEY_ID_BYTES } from './cipher.ts';
import type { KeyRing } from './key-ring.ts';
import { nodeCrypto } from './node-crypto.ts';
import { deriveSigningKey, joinParts } from './subkeys.ts';

/** Length of a MAC: the first half of an HMAC-SHA-256. */
export const SIGNATURE_BYTES = 16;

/** Signs and verifies entries. */
export interface Signer {
  /** Fills the last KEY_ID_BYTES of `header`, and returns the MAC over header, `context` and body. */
  sign(header: Buffer, context: Uint8Array, body: Uint8Array): Buffer;
  /** undefined: the entry is authentic. `unknown-key`: signed under a key that is not in the ring. */
  verify(
    header: Buffer,
    context: Uint8Array,
    body: Uint8Array,
    signature: Uint8Array,
  ): 'unknown-key' | 'tamper' | undefined;
}

/** A signer that signs with the primary key and verifies with all keys of the ring. */
export function createSigner(ring: KeyRing): Signer {
  const primary = deriveSigningKey(ring.primary);
  const older = new Map<string, KeyObject>();
  const keyOf = (id: Buffer): KeyObject | undefined => {
    if (id.equals(ring.primary.id)) return primary;
    const name = id.toString('hex');
    const known = older.get(name);
    const master = known === undefined ? ring.find(id) : undefined;
    if (master === undefined) return known;
    const derived = deriveSigningKey(master);
    older.set(name, derived);
    return derived;
  };
  return {
    sign(header, context, body) {
      ring.primary.id.copy(header, header.length - KEY_ID_BYTES);
      return macOf(primary, header, context, body);
    },
    verify(header, context, body, signature) {
      const key = keyOf(header.subarray(header.length - KEY_ID_BYTES));
      if (key === undefined) return 'unknown-key';
      const isRight =
        signature.length === SIGNATURE_BYTES &&
        nodeCrypto().timingSafeEqual(macOf(key, header, context, body), signature);
      return isRight ? undefined : 'tamper';
    },
  };
}

/** Header and context are length-prefixed, so that no two entries give the same bytes. */
function macOf(key: KeyObject, header: Uint8Array, context: Uint8Array, body: Uint8Array): Buffer {
  const before = joinParts([header, context]);
  return nodeCrypto()
    .createHmac('sha256', key)
    .update(before)
    .update(body)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
