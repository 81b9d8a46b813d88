// Everything that uses the master keys of a process: ciphers by tenant, MACs for plain entries, and keys for entries
// shared with other languages.
import type { KeyObject } from 'node:crypto';
import { interopKeys, type InteropKeys } from '../interop/interop-keys.ts';
import { createCipher, rememberSubkeys } from './aes-gcm.ts';
import type { Cipher } from './cipher.ts';
import { KeyRing } from './key-ring.ts';
import { nodeCrypto } from './node-crypto.ts';
import { RecentMap } from './recent-map.ts';
import { createSigner, type Signer } from './signer.ts';
import { deriveIndexKey } from './subkeys.ts';

/** Tenants whose ciphers are remembered: making one again takes about 50 µs. */
const MAX_TENANTS = 1024;

/** The uses of one set of master keys. */
export interface Vault {
  /** Public name of the key that seals, 16 hex digits. */
  readonly keyId: string;
  /** The cipher of a tenant. Without one: the cipher that all calls without a tenant share. */
  cipherOf(tenant?: string): Cipher;
  readonly signer: Signer;
  /** @throws ERR_CACHEKIT_CONFIG when one master key is configured twice */
  interop(): InteropVault;
}

/** Keys for entries that other languages read. */
export interface InteropVault {
  readonly keys: InteropKeys;
  /** Public names of the master keys, primary first. */
  readonly keyIds: readonly string[];
  /** 32 bytes: for the record that is stored beside such an entry. */
  readonly mac: (data: Uint8Array) => Buffer;
}

/** `previous`: keys that only open, newest first. */
export function createVault(primary: KeyObject, previous: readonly KeyObject[] = []): Vault {
  const ring = new KeyRing(primary, previous);
  const remembered = rememberSubkeys();
  const common = createCipher(ring, 'default', { remembered });
  const tenants = new RecentMap<string, Cipher>(MAX_TENANTS);
  let signer: Signer | undefined;
  let interop: InteropVault | undefined;
  return {
    keyId: ring.primary.id.toString('hex'),
    cipherOf(tenant) {
      if (tenant === undefined) return common;
      let cipher = tenants.get(tenant);
      if (cipher === undefined) {
        cipher = createCipher(ring, tenant, { remembered });
        tenants.set(tenant, cipher);
      }
      return cipher;
    },
    get signer() {
      return (signer ??= createSigner(ring));
    },
    interop() {
      if (interop !== undefined) return interop;
      const keys = interopKeys(primary, previous);
      const sideKey = deriveIndexKey(ring.primary, 'default');
      const keyIds = [ring.primary, ...ring.previous].map(({ id }) => id.toString('hex'));
      interop = {
        keys,
        keyIds,
        mac: (data) => nodeCrypto().createHmac('sha256', sideKey).update(data).digest(),
      };
      return interop;
    },
  };
}
