// Loads the modules of second tiers before the first call.
//
// Everything behind memory is loaded asynchronously (its hash is WebAssembly). A synchronous call cannot wait for that,
// and an asynchronous one waits at most 250 ms, which may be too short on a busy machine; both would then use memory
// only. So loading begins in the first turn of the event loop after the module of the function was evaluated. For a
// synchronous function this only helps if its values are sealed, or if its store can be read synchronously and may
// already hold entries. Nothing is opened, and a process that ends at once loads nothing.
import { backendKey, type BackendChoice } from '../../config/choose-backend.ts';
import { currentEnvironment } from '../../config/current.ts';
import { resolveSettings } from '../../config/resolve-settings.ts';
import { runInBackground } from '../../flow/background.ts';
import { registry } from '../registry.ts';
import type { SiteCore } from '../site-core.ts';
import { loadTierModule, needsTier } from './load-second-tier.ts';

let waiting: SiteCore[] | undefined;

/** Registers a new site for preloading. */
export function preloadTier(core: SiteCore): void {
  if (waiting === undefined) {
    waiting = [];
    setTimeout(preloadWaiting, 0).unref();
  }
  waiting.push(core);
}

function preloadWaiting(): void {
  const cores = waiting ?? [];
  waiting = undefined;
  if (registry().closed) return;
  const choices = new Map(cores.flatMap(choiceOf).map((choice) => [backendKey(choice), choice]));
  if (choices.size === 0) return;
  void runInBackground(async () => {
    const { loadParts } = await loadTierModule();
    await Promise.all(Array.from(choices.values(), loadParts));
  });
}

/** The backend to load for a site, if any. Its settings are not kept, because configure() may still be called. */
function choiceOf(core: SiteCore): BackendChoice[] {
  if (core.tier !== undefined || core.tierOpening !== undefined) return [];
  const { config } = registry();
  const settings = resolveSettings(core.descriptor, core.options, config, currentEnvironment());
  const { backend, enabled } = settings;
  const canHelp =
    core.descriptor.sync !== true ||
    backend.kind === 'embedded' ||
    (backend.kind === 'own' && backend.backend.sync !== undefined);
  const isSealed = settings.sealing === 'master-key' || settings.sealing === 'ephemeral';
  return enabled && needsTier(settings) && (canHelp || isSealed) ? [backend] : [];
}
