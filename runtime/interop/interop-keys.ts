// Derives the keys of encrypted interop/v1 entries from the master keys, as every library does.
import type { KeyObject } from 'node:crypto';
import { nodeCrypto } from '../crypto/node-crypto.ts';
import { CacheKitError } from '../errors/cachekit-error.ts';

const DOMAIN = 'encryption';
const MAX_PREVIOUS_KEYS = 3;
const MAX_TENANT_BYTES = 1024;

/** Derived keys of one tenant. */
export interface InteropKeys {
  readonly tenant: string;
  /** The first one encrypts; all are tried for decryption, in this order. */
  readonly keys: readonly [KeyObject, ...KeyObject[]];
}

/**
 * `previous`: master keys from before rotations, newest first, at most 3. `tenant` must be the same in all libraries.
 * @throws ERR_CACHEKIT_CONFIG for too many keys, the same key twice, or a tenant that is empty or too long
 */
export function interopKeys(
  current: KeyObject,
  previous: readonly KeyObject[] = [],
  tenant = 'default',
): InteropKeys {
  if (previous.length > MAX_PREVIOUS_KEYS) {
    throw configError('Interop entries are read with at most 3 previous master keys. Remove the oldest.');
  }
  const masters = [current, ...previous];
  if (masters.some((key, i) => masters.slice(0, i).some((earlier) => earlier.equals(key)))) {
    throw configError('A master key is configured twice. Remove it from the previous keys.');
  }
  const tenantBytes = Buffer.from(tenant);
  if (tenantBytes.length === 0 || tenantBytes.length > MAX_TENANT_BYTES || !tenant.isWellFormed()) {
    throw configError('The tenant of interop entries has to be 1 to 1024 bytes of UTF-8.');
  }
  return {
    tenant,
    keys: [deriveKey(current, tenantBytes), ...previous.map((key) => deriveKey(key, tenantBytes))],
  };
}

function deriveKey(master: KeyObject, tenant: Buffer): KeyObject {
  const tenantLength = Buffer.alloc(2);
  tenantLength.writeUInt16BE(tenant.length);
  const salt = Buffer.concat([
    Buffer.from('cachekit_v1_'),
    Buffer.from([DOMAIN.length]),
    Buffer.from(DOMAIN),
    tenantLength,
    tenant,
  ]);
  const bytes = Buffer.from(nodeCrypto().hkdfSync('sha256', master, salt, DOMAIN, 32));
  try {
    return nodeCrypto().createSecretKey(bytes);
  } finally {
    bytes.fill(0); // the KeyObject has its own copy
  }
}

function configError(message: string): CacheKitError {
  return new CacheKitError('ERR_CACHEKIT_CONFIG', message);
}
