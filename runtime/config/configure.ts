// configure(), flush() and close(): they act on all copies of the package in the process.
import { parseMasterKey } from '../crypto/master-key.ts';
import { notice } from '../observe/notice.ts';
import { readStats } from '../observe/stats.ts';
import { joinProcess } from '../site/package-copy.ts';
import { allSites, registry } from '../site/registry.ts';
import type { CacheKitConfig, MasterKey } from './cachekit-config.ts';
import { checkConfig } from './check-config.ts';

/**
 * Replaces the top-level settings that are given, and keeps the others. Applies from the next call of each function on.
 * Entries in memory are dropped.
 * @throws ERR_CACHEKIT_CONFIG naming the setting; ERR_CACHEKIT_MASTER_KEY for a key that is not usable
 */
export function configure(config: CacheKitConfig): void {
  checkConfig(config);
  const { masterKey, previousMasterKeys = [] } = config.encryption ?? {};
  for (const key of [masterKey, ...previousMasterKeys]) checkKey(key);
  joinProcess();
  const shared = registry();
  if (Object.keys(shared.config).length === 0) warnOfEarlyCalls();
  shared.config = { ...shared.config, ...config };
  shared.closed = false;
  applyToSites();
}

/**
 * Makes every site resolve its settings again. Memory, running calls and pending writes of the old ones are dropped.
 */
function applyToSites(): void {
  const shared = registry();
  shared.generation++;
  for (const site of allSites()) site.dropAll();
  for (const copy of shared.copies) copy.onConfigure();
}

/** Waits for background writes, for example before a serverless platform freezes the process. */
export async function flush(): Promise<void> {
  await Promise.all(registry().copies.map((copy) => copy.flush()));
}

/**
 * Finishes pending writes and disconnects, within 1 s. Later calls are not cached until `configure()`. Never rejects.
 */
export async function close(): Promise<void> {
  const shared = registry();
  shared.closed = true;
  // From here on memory serves nothing and running calls are not stored; pending writes may still finish.
  for (const site of allSites()) site.retire();
  await Promise.all(shared.copies.map((copy) => copy.close()));
  for (const site of allSites()) site.dropAll();
}

function checkKey(key: MasterKey | undefined): void {
  if (key !== undefined && typeof key !== 'function') parseMasterKey(key);
}

function warnOfEarlyCalls(): void {
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
