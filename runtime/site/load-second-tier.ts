// The one dynamic import between memory and everything behind it, and what happens when it does not work.
import { currentEnvironment } from '../config/current.ts';
import type { SiteSettings } from '../config/site-settings.ts';
import type { Cipher } from '../crypto/cipher.ts';
import { CacheKitError } from '../errors/cachekit-error.ts';
import { notice } from '../observe/notice.ts';
import { runInBackground } from '../flow/background.ts';
import { within } from '../flow/within.ts';
import { registry } from './registry.ts';
import type { SecondTier } from './second-tier.ts';
import type { SiteCore } from './site-core.ts';

/** The first call does not wait longer than this for modules and connections: it is then a miss. */
const OPEN_BUDGET_MS = 250;

let isLoaded = false;

/** False: no site has needed a second tier yet, so there is nothing to close, and nothing to load for that. */
export function isTierLoaded(): boolean {
  return isLoaded;
}

/** Memory is not enough: there is a backend, or values are sealed. */
export function needsTier(settings: SiteSettings): boolean {
  return settings.sealing !== 'off' || hasBackend(settings);
}

/** Under an ephemeral key nobody else could read an entry: those sites stay in memory. */
export function hasBackend(settings: SiteSettings): boolean {
  return (
    settings.backend.kind !== 'none' &&
    settings.backend.kind !== 'unknown' &&
    settings.sealing !== 'ephemeral'
  );
}

/** The tier, if it opens within its budget. Never rejects. */
export async function readyTier(
  core: SiteCore,
  settings: SiteSettings,
  cipher: Cipher | undefined,
): Promise<SecondTier | undefined> {
  if (core.tier !== undefined) return core.tier;
  return within(openTier(core, settings, cipher), OPEN_BUDGET_MS, undefined);
}

/** Starts opening it; the same promise for everybody. After a failure the site is memory only until configure(). */
export function openTier(
  core: SiteCore,
  settings: SiteSettings,
  cipher: Cipher | undefined,
): Promise<SecondTier | undefined> {
  if (core.tierOpening !== undefined) return core.tierOpening;
  const opening = open(core, settings, cipher);
  core.tierOpening = opening;
  void runInBackground(() => opening);
  return opening;
}

async function open(
  core: SiteCore,
  settings: SiteSettings,
  cipher: Cipher | undefined,
): Promise<SecondTier | undefined> {
  const { generation, config } = registry();
  try {
    isLoaded = true;
    const { openSecondTier } = await import('./second-tier.ts');
    const tier = await openSecondTier({
      descriptor: core.descriptor,
      settings: hasBackend(settings) ? settings : { ...settings, backend: { kind: 'none' } },
      values: core.values,
      cipher,
      config,
      environment: currentEnvironment(),
      longestTtlMs: () => Math.max(settings.ttlMs, core.longestTtlMs),
      onFloorRise: () => core.dropEntries(),
    });
    if (core.generation !== generation) return undefined;
    core.tier = tier;
    return tier;
  } catch (error) {
    // Other errors may quote a URL with a password.
    const text = error instanceof CacheKitError ? error.message : 'it could not be loaded or started.';
    notice(
      'CACHEKIT_SECOND_TIER',
      `The second tier of \`${core.descriptor.id}\` cannot be opened, it is cached in memory only: ${text}`,
      `tier ${settings.backend.kind}`,
    );
    return undefined;
  }
}
