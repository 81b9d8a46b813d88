// Invalidates tags and namespaces: first in the memory of all copies of the package, then in the log of every backend.
import type { Coherence } from '../../coherence/coherence.ts';
import { groupId, groupIds, type GroupKind } from '../../coherence/group-id.ts';
import { backendKey, defaultBackend, type BackendChoice } from '../../config/choose-backend.ts';
import { currentEnvironment } from '../../config/current.ts';
import { BUILT_IN, hasMasterKey, resolveSettings } from '../../config/resolve-settings.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import type { Cipher } from '../../crypto/cipher.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { publish } from '../../observe/publish.ts';
import { allSites, registry } from '../registry.ts';
import type { SiteCore } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { hasBackend, loadedTierModule, loadTierModule } from '../tier/load-second-tier.ts';
import { cipherState } from '../tier/master-keys.ts';
import { dropTag } from './drop-shared.ts';

/**
 * Invalidates all entries with one of these tags: in this process before the function returns, in others soon. Resolves
 * to true when every backend in use has acknowledged it; to false if one is away (it is retried in the background) or has
 * no log. Never rejects because of a backend.
 * @throws ERR_CACHEKIT_CONFIG for a tag that is not a non-empty string
 */
export function invalidateTags(...tags: readonly string[]): Promise<boolean> {
  if (!tags.every((tag) => typeof tag === 'string' && tag !== ''))
    throw new CacheKitError('ERR_CACHEKIT_CONFIG', 'A tag is a text that is not empty.');
  if (tags.length === 0) return Promise.resolve(true);
  const ids = idsOf('tag', tags);
  for (const copy of registry().copies) for (const id of ids) copy.dropTag?.(id);
  if (registry().copies.length === 0) for (const id of ids) dropTag(id);
  return tellLogs('tag', ids, () => true);
}

/** The same for all functions of a namespace. @throws ERR_CACHEKIT_CONFIG for a malformed namespace */
export function invalidateNamespace(namespace: string): Promise<boolean> {
  if (typeof namespace !== 'string' || !/^[a-z0-9._-]{1,64}$/.test(namespace))
    throw new CacheKitError('ERR_CACHEKIT_CONFIG', 'A namespace is text of [a-z0-9._-], at most 64.');
  for (const site of allSites()) if (settingsOf(site.core).namespace === namespace) site.dropAll();
  const ids = idsOf('namespace', [namespace]);
  return tellLogs('namespace', ids, (settings) => settings.namespace === namespace);
}

/** The group ids of these names: the plain ones, and those that secure functions use. */
function idsOf(kind: GroupKind, names: readonly string[]): readonly string[] {
  const cipher = currentCipher();
  return names.flatMap((name) => {
    const plain = groupId(kind, name);
    return cipher === undefined ? [plain] : [plain, ...groupIds(kind, name, cipher)];
  });
}

function currentCipher(): Cipher | undefined {
  const { config } = registry();
  const environment = currentEnvironment();
  if (!hasMasterKey(config, environment)) return undefined;
  const state = cipherState('master-key', config, environment, currentClock().monotonicMs());
  return state.status === 'ready' ? state.vault.cipherOf() : undefined;
}

async function tellLogs(
  scope: 'tag' | 'namespace',
  ids: readonly string[],
  isConcerned: (settings: SiteSettings) => boolean,
): Promise<boolean> {
  const complete = await tellAll(ids, isConcerned).catch(() => false);
  publish('cachekit:invalidate', { scope, origin: 'local', complete });
  return complete;
}

/** Reaches loaded backends without a wait, so that the very next call finds no invalid entry in a store. */
async function tellAll(
  ids: readonly string[],
  isConcerned: (settings: SiteSettings) => boolean,
): Promise<boolean> {
  if (registry().closed) return false;
  const stores = storesInUse(isConcerned);
  if (stores.length === 0) return true;
  const module = loadedTierModule() ?? (await loadTierModule());
  const told = stores.map(async ({ choice, prefix }) => {
    if (!module.arePartsLoaded(choice)) await module.loadParts(choice);
    const shared = module.sharedBackend(choice, registry().config, currentEnvironment());
    const log: Coherence | undefined = shared?.coherence(prefix);
    if (shared === undefined) return true;
    if (log === undefined) {
      for (const id of ids) shared.floors.raise(id, currentClock().nowMs());
      return false;
    }
    const all = await Promise.all(ids.map((id) => log.invalidateGroup(id)));
    return all.every((acked) => acked);
  });
  const results = await Promise.all(told.map((one) => one.catch(() => false)));
  return results.every((acked) => acked);
}

interface Store {
  readonly choice: BackendChoice;
  readonly prefix: string;
}

/** The stores of all functions, called or not, and the default store: a process may do nothing but invalidate. */
function storesInUse(isConcerned: (settings: SiteSettings) => boolean): readonly Store[] {
  const stores = new Map<unknown, Map<string, Store>>();
  const add = (choice: BackendChoice, prefix: string): void => {
    const key = backendKey(choice);
    const known = stores.get(key) ?? new Map<string, Store>();
    stores.set(key, known.set(prefix, { choice, prefix }));
  };
  const all = allSites().map(({ core }) => settingsOf(core));
  for (const settings of all)
    if (isConcerned(settings) && hasBackend(settings)) add(settings.backend, settings.keyPrefix);
  const { config } = registry();
  const environment = currentEnvironment();
  const { choice } = defaultBackend(config, environment);
  const prefix = config.keyPrefix ?? environment.keyPrefix ?? BUILT_IN.keyPrefix;
  if (choice.kind !== 'none' && choice.kind !== 'unknown') add(choice, prefix);
  return [...stores.values()].flatMap((byPrefix) => [...byPrefix.values()]);
}

/** The current settings of a site, without changing it: a site that has none yet resolves them at its next call. */
function settingsOf({ settings, generation, descriptor, options }: SiteCore): SiteSettings {
  const shared = registry();
  if (settings !== undefined && generation === shared.generation) return settings;
  return resolveSettings(descriptor, options, shared.config, currentEnvironment());
}
