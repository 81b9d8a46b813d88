// Loads the second tier of functions before they are called.
//
// Everything behind memory is loaded asynchronously (its hash is WebAssembly). A synchronous call cannot wait for that,
// and an asynchronous one waits 250 ms at most, which on a busy machine is less than loading takes: both then have memory
// only. So loading begins with the first turn after the module of the function was evaluated, where it can help: a
// synchronous function needs a store that can be read synchronously and may hold something already, or has sealed values.
// Nothing is opened; a process that ends at once loads nothing.
import { backendKey, type BackendChoice } from '../../config/choose-backend.ts';
import { currentEnvironment } from '../../config/current.ts';
import { resolveSettings } from '../../config/resolve-settings.ts';
import { runInBackground } from '../../flow/background.ts';
import { registry } from '../registry.ts';
import type { SiteCore } from '../site-core.ts';
import { loadTierModule, needsTier } from './load-second-tier.ts';

let waiting: SiteCore[] | undefined;

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

/** The settings are not kept: configure() may still come, and says then what holds. */
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
