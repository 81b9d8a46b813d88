// Derives keys from a master key by HKDF-SHA-256. The labels are part of the stored format (docs/spec/encryption.md).
import type { KeyObject } from 'node:crypto';
import type { RingKey } from './key-ring.ts';
import { nodeCrypto } from './node-crypto.ts';

/** A derived AES key with its commitment. */
export interface Subkey {
  readonly key: KeyObject;
  /** 16 bytes that commit to the key. They are stored in the entry and compared before anything is decrypted. */
  readonly commitment: Buffer;
}

/** The AES key of all entries written with this salt for this tenant, and its commitment. */
export function deriveSubkey(master: RingKey, salt: Uint8Array, tenant: string): Subkey {
  const info = joinParts([Buffer.from('ck/v1'), master.id, Buffer.from(tenant), Buffer.from('aes-256-gcm')]);
  const bytes = Buffer.from(nodeCrypto().hkdfSync('sha256', master.key, salt, info, 48));
  try {
    return {
      key: nodeCrypto().createSecretKey(bytes.subarray(0, 32)),
      commitment: Buffer.from(bytes.subarray(32)),
    };
  } finally {
    bytes.fill(0);
  }
}

/** The HMAC key of stored names. No salt, because every process must compute the same names. */
export function deriveIndexKey(master: RingKey, tenant: string): KeyObject {
  return deriveMacKey(master, [Buffer.from('ck/index'), Buffer.from(tenant)]);
}

/** The HMAC key of signed plain entries. */
export function deriveSigningKey(master: RingKey): KeyObject {
  return deriveMacKey(master, [Buffer.from('ck/sign')]);
}

function deriveMacKey(master: RingKey, label: readonly Uint8Array[]): KeyObject {
  const info = joinParts(label);
  const bytes = Buffer.from(nodeCrypto().hkdfSync('sha256', master.key, Buffer.alloc(0), info, 32));
  try {
    return nodeCrypto().createSecretKey(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Joins parts, each after its length as u32 little-endian, so that no two lists give the same bytes. */
export function joinParts(parts: readonly Uint8Array[]): Buffer {
  let sizeBytes = 0;
  for (const part of parts) sizeBytes += 4 + part.length;
  const joined = Buffer.allocUnsafe(sizeBytes);
  let at = 0;
  for (const part of parts) {
    joined.writeUInt32LE(part.length, at);
    joined.set(part, at + 4);
    at += 4 + part.length;
  }
  return joined;
}
