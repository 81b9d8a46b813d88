// configure(), flush() and close(): what an application says once, for all copies of the package.
import { parseMasterKey } from '../crypto/master-key.ts';
import { notice } from '../observe/notice.ts';
import { readStats } from '../observe/stats.ts';
import { joinProcess } from '../site/package-copy.ts';
import { allSites, registry } from '../site/registry.ts';
import type { CacheKitConfig, MasterKey } from './cachekit-config.ts';
import { checkConfig } from './check-config.ts';

/**
 * Replaces the top-level keys given; holds from each function's next call. What memory held before is dropped.
 * @throws ERR_CACHEKIT_CONFIG naming the setting; ERR_CACHEKIT_MASTER_KEY for a key that is not usable
 */
export function configure(config: CacheKitConfig): void {
  checkConfig(config);
  const { masterKey, previousMasterKeys = [] } = config.encryption ?? {};
  for (const key of [masterKey, ...previousMasterKeys]) checkKey(key);
  joinProcess();
  const shared = registry();
  if (Object.keys(shared.config).length === 0) sayEarlyCalls();
  shared.config = { ...shared.config, ...config };
  shared.closed = false;
  change();
}

/** Every site asks for its settings again; memory, flights and pending writes of the old ones are void. */
function change(): void {
  const shared = registry();
  shared.generation++;
  for (const site of allSites()) site.dropAll();
  for (const copy of shared.copies) copy.onConfigure();
}

/** Waits for background writes (serverless: before the freeze). */
export async function flush(): Promise<void> {
  await Promise.all(registry().copies.map((copy) => copy.flush()));
}

/** Drains and disconnects in at most 1 s; later calls run uncached until `configure()`. Never rejects. */
export async function close(): Promise<void> {
  const shared = registry();
  shared.closed = true;
  // Nothing is served from memory and no running call will be stored; writes that wait may still end.
  for (const site of allSites()) site.retire();
  await Promise.all(shared.copies.map((copy) => copy.close()));
  for (const site of allSites()) site.dropAll();
}

function checkKey(key: MasterKey | undefined): void {
  if (key !== undefined && typeof key !== 'function') parseMasterKey(key);
}

function sayEarlyCalls(): void {
  const early = allSites().reduce(
    (sum, { core }) => sum + readStats(core.counters, core.entries(), 0).calls,
    0,
  );
  if (early === 0) return;
  notice(
    'CACHEKIT_LATE_CONFIGURE',
    `${early} calls of cached functions ran before configure(), with default settings. Configure first.`,
  );
}
