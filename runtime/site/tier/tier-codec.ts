// The entry codec of a site: our own frames or interop/v1 documents; plain, signed or sealed.
import type { CacheKitConfig } from '../../config/cachekit-config.ts';
import type { Environment } from '../../config/env.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import type { CacheDescriptor } from '../../contract/cache-descriptor.ts';
import type { ValueOps } from '../../contract/value-kit.ts';
import type { Vault } from '../../crypto/vault.ts';
import type { EntryCodec } from '../../entry/entry.ts';
import { createEntryCodec } from '../../envelope/entry-codec.ts';
import { createInteropCodec } from '../../envelope/interop-codec.ts';

/** What a second tier is made of. */
export interface TierOptions {
  readonly descriptor: CacheDescriptor;
  readonly settings: SiteSettings;
  readonly values: ValueOps | undefined;
  /** For sealed and for signed entries. */
  readonly vault: Vault | undefined;
  readonly config: CacheKitConfig;
  readonly environment: Environment;
}

/** The codec of a site. */
export function codecOf({ descriptor, settings, values, vault }: TierOptions): EntryCodec {
  const { keyPrefix, maxSizeBytes, sealing, integrity } = settings;
  const isSealed = sealing !== 'off';
  if (settings.interop !== undefined) {
    const own = isSealed ? vault?.interop() : undefined;
    const { floats } = descriptor;
    return createInteropCodec({ keyPrefix, maxSizeBytes, value: values, vault: own, floats });
  }
  const { namespace, versionText, compress, serializer } = settings;
  return createEntryCodec({
    namespace,
    keyPrefix,
    versionText,
    compress,
    serializer,
    maxSizeBytes,
    siteId: descriptor.id,
    shape: descriptor.shape,
    value: values,
    cipher: isSealed ? vault?.cipherOf() : undefined,
    cipherOf: isSealed && vault !== undefined ? (tenant) => vault.cipherOf(tenant) : undefined,
    signer: integrity === 'hmac' ? vault?.signer : undefined,
  });
}
