// Encrypts and decrypts interop/v1 entries: nonce, ciphertext, tag. AES-256-GCM, bound to the tenant and the cache key.
import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from '../crypto/node-crypto.ts';
import type { InteropKeys } from './interop-keys.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const AAD_VERSION = 3;

/** A decrypted entry. */
export interface Opened {
  readonly plain: Buffer;
  /** Index of the key that fitted; 0: the primary key. Shows when previous keys are no longer needed. */
  readonly keyIndex: number;
}

/** `cacheKey`: name under which the entry is stored. `random`: source of the nonce; default the system's. */
export function sealInterop(
  { tenant, keys }: InteropKeys,
  cacheKey: string,
  plain: Uint8Array,
  random: (sizeBytes: number) => Buffer = nodeCrypto().randomBytes,
): Buffer {
  const nonce = random(NONCE_BYTES);
  const cipher = nodeCrypto().createCipheriv(ALGORITHM, keys[0], nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(tenant, cacheKey));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

/**
 * Tries the keys in order, since an entry does not name its key. `decode`: too short for an entry. `tamper`: no key
 * fits or the entry was changed, which cannot be distinguished.
 */
export function openInterop(
  { tenant, keys }: InteropKeys,
  cacheKey: string,
  stored: Uint8Array,
): Opened | 'decode' | 'tamper' {
  if (stored.length < NONCE_BYTES + TAG_BYTES) return 'decode';
  const aad = associatedData(tenant, cacheKey);
  for (const [keyIndex, key] of keys.entries()) {
    const plain = decrypt(key, aad, stored);
    if (plain !== undefined) return { plain, keyIndex };
  }
  return 'tamper';
}

/** Decrypts. Wipes the plaintext and returns undefined if the tag does not verify. */
function decrypt(key: KeyObject, aad: Buffer, stored: Uint8Array): Buffer | undefined {
  const bodyEnd = stored.length - TAG_BYTES;
  const decipher = nodeCrypto().createDecipheriv(ALGORITHM, key, stored.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(aad);
  const plain = decipher.update(stored.subarray(NONCE_BYTES, bodyEnd));
  decipher.setAuthTag(stored.subarray(bodyEnd));
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return undefined;
  }
}

/** Version, then tenant, cache key, format and whether compressed, each after its length as u32 big-endian. */
function associatedData(tenant: string, cacheKey: string): Buffer {
  const parts: Buffer[] = [Buffer.from([AAD_VERSION])];
  for (const text of [tenant, cacheKey, 'msgpack', 'False']) {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}
