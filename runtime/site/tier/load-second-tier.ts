// Loads and opens the second tier of a site: the one dynamic import of everything behind memory.
import { currentEnvironment } from '../../config/current.ts';
import { resolveGuard } from '../../config/resolve-guard.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import type { Vault } from '../../crypto/vault.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { runInBackground } from '../../flow/background.ts';
import { within } from '../../flow/within.ts';
import { notice } from '../../observe/notice.ts';
import { registry } from '../registry.ts';
import type { SiteCore } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { signingVault } from './master-keys.ts';
import type * as tierModule from './second-tier.ts';
import type { ReadResult, SecondTier, TierOptions } from './second-tier.ts';

type TierModule = typeof tierModule;

/** Longest wait of a first call for the modules of the tier, unless `timeout` is shorter. After it the call is a miss. */
const OPEN_BUDGET_MS = 250;

let loaded: TierModule | undefined;
let isShut = false;

/** Sets whether tiers may no longer open: true after close() has drained its writes, false again after configure(). */
export function shutTiers(shut: boolean): void {
  isShut = shut;
}

/** undefined: no second tier was ever needed, so there is nothing to close either. */
export function loadedTierModule(): TierModule | undefined {
  return loaded;
}

/** Loads the code of second tiers. */
export async function loadTierModule(): Promise<TierModule> {
  loaded = await import('./second-tier.ts');
  return loaded;
}

/** Whether the site needs a second tier: it has a backend, or its values are sealed. */
export function needsTier(settings: SiteSettings): boolean {
  return settings.sealing !== 'off' || hasBackend(settings);
}

/** Whether the site uses a backend. Entries under an ephemeral key stay in memory: no other process could read them. */
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
  vault: Vault | undefined,
): Promise<SecondTier | undefined> {
  const tier = tierNow(core, settings, vault);
  return tier ?? within(openTier(core, settings, vault), openBudgetMs(), undefined);
}

function openBudgetMs(): number {
  const { timeout } = resolveGuard(registry().config, currentEnvironment(), currentClock());
  return Math.min(OPEN_BUDGET_MS, timeout.readBudgetMs ?? timeout.initialMs);
}

/** The read of a call that has waited `spentMs` for the tier to open: opening and reading share one budget. */
export function readAfterOpening(tier: SecondTier, text: string, spentMs: number): Promise<ReadResult> {
  const leftMs = Math.max(openBudgetMs(), tier.guard?.state().timeoutMs ?? 0) - spentMs;
  return within(tier.read(text), Math.max(0, leftMs), { hit: false, reason: 'timeout' });
}

/**
 * The tier, if all its modules are loaded: it is then opened synchronously, so that the first call of a synchronous
 * function can use it. Otherwise it begins to open in the background.
 */
export function tierNow(
  core: SiteCore,
  settings: SiteSettings,
  vault: Vault | undefined,
): SecondTier | undefined {
  if (core.tier !== undefined || core.tierOpening !== undefined) return core.tier;
  const options = tierOptions(core, settings, vault);
  try {
    if (loaded?.arePartsLoaded(options.settings.backend) === true)
      useTier(core, loaded.openSecondTier(options));
  } catch {
    // `openTier` fails too: it gives the notice, and remembers the failure.
  }
  if (core.tier === undefined) void openTier(core, settings, vault);
  return core.tier;
}

function useTier(core: SiteCore, tier: SecondTier): void {
  core.tier = tier;
  if (tier.coherence !== undefined) core.dropUnfollowed();
}

/** Opens the tier; all callers get the same promise. After a failure the site uses memory only until configure(). */
export function openTier(
  core: SiteCore,
  settings: SiteSettings,
  vault: Vault | undefined,
): Promise<SecondTier | undefined> {
  if (core.tierOpening !== undefined) return core.tierOpening;
  const opening = open(core, tierOptions(core, settings, vault));
  core.tierOpening = opening;
  void runInBackground(() => opening);
  return opening;
}

async function open(core: SiteCore, options: TierOptions): Promise<SecondTier | undefined> {
  const { backend } = options.settings;
  const { generation } = registry();
  try {
    const module = await loadTierModule();
    await module.loadParts(backend);
    // configure() or close() was called in the meantime: nobody would close what opens now.
    const isOld = registry().generation !== generation || core.generation !== generation;
    if (isShut || isOld) return undefined;
    if (core.tier === undefined) useTier(core, module.openSecondTier(options));
    return core.tier;
  } catch (error) {
    // The message of any other error may hold a URL with a password.
    const text = error instanceof CacheKitError ? error.message : 'it could not be loaded or started.';
    notice(
      'CACHEKIT_SECOND_TIER',
      `The second tier of \`${core.descriptor.id}\` cannot be opened, it is cached in memory only: ${text}`,
      `tier ${backend.kind}`,
    );
    return undefined;
  }
}

function tierOptions(core: SiteCore, settings: SiteSettings, vault: Vault | undefined): TierOptions {
  return {
    descriptor: core.descriptor,
    settings: hasBackend(settings) ? settings : { ...settings, backend: { kind: 'none' } },
    values: core.values,
    vault: vault ?? signingVault(settings),
    config: registry().config,
    environment: currentEnvironment(),
  };
}
