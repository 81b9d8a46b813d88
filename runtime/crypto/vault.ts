// What a process can do with its master keys: one cipher per tenant, MACs for plain entries, the keys of other languages.
import type { KeyObject } from 'node:crypto';
import { interopKeys, type InteropKeys } from '../interop/interop-keys.ts';
import { createCipher, rememberSubkeys } from './aes-gcm.ts';
import type { Cipher } from './cipher.ts';
import { KeyRing } from './key-ring.ts';
import { nodeCrypto } from './node-crypto.ts';
import { RecentMap } from './recent-map.ts';
import { createSigner, type Signer } from './signer.ts';
import { deriveIndexKey } from './subkeys.ts';

/** Tenants whose keys are remembered: deriving them again costs some 50 us. */
const MAX_TENANTS = 1024;

export interface Vault {
  /** Public name of the key that writes, 16 hex digits. */
  readonly keyId: string;
  /** Entries of one tenant have other names and other keys than those of another. Default: the one of everybody. */
  cipherOf(tenant?: string): Cipher;
  readonly signer: Signer;
  /** @throws ERR_CACHEKIT_CONFIG when one master key is configured twice */
  interop(): InteropVault;
}

/** Of entries that other languages read. */
export interface InteropVault {
  readonly keys: InteropKeys;
  /** Public names of these keys, in their order. */
  readonly keyIds: readonly string[];
  /** 32 bytes: for what stands beside such an entry. */
  readonly mac: (data: Uint8Array) => Buffer;
}

/** `previous`: newest first; they read, and write nothing. */
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
