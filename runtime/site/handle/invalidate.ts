// Invalidates a call or a whole function: first in the memory of all copies of the package, then in the second tier.
import { currentEnvironment } from '../../config/current.ts';
import type { Sealing } from '../../config/site-settings.ts';
import { within } from '../../flow/within.ts';
import type { MemoryEntry } from '../../memory/memory-entry.ts';
import { audit } from '../../observe/audit.ts';
import { publish } from '../../observe/publish.ts';
import { registry, sitesOf, type CallIdentity } from '../registry.ts';
import { settle } from '../settle.ts';
import type { SiteCore } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { hasBackend, openTier } from '../tier/load-second-tier.ts';
import { cipherState } from '../tier/master-keys.ts';
import type { SecondTier } from '../tier/second-tier.ts';

/** Longest wait for a write that began before. Then the delete is sent all the same: a store keeps the order of requests. */
const PENDING_WRITE_MS = 500;

/**
 * Invalidates a call: in this process synchronously, and the promise is about the backend. `identity` undefined: the
 * arguments have no key, so nothing was ever stored. `found`: the memory entry that a hit of the call would find.
 */
export function invalidateCall(
  core: SiteCore,
  identity: CallIdentity | undefined,
  found: MemoryEntry | undefined,
): Promise<boolean> {
  if (identity === undefined) return Promise.resolve(true);
  const { text } = identity;
  // Without leases, a write that has begun must end first: it could arrive after the delete.
  const pending = core.writes.get(text)?.done;
  core.dropCall(identity, found);
  for (const site of sitesOf(core.descriptor.id)) if (site.core !== core) site.dropCall(identity);
  return report(core, 'call', (tier) => {
    const isInTheWay = pending !== undefined && tier.fence === undefined;
    return tier.remove(text, isInTheWay ? within(pending, PENDING_WRITE_MS, undefined) : undefined);
  });
}

/** Invalidates all calls of a function. */
export function invalidateAll(core: SiteCore): Promise<boolean> {
  settle(core);
  core.dropAll();
  for (const site of sitesOf(core.descriptor.id)) if (site.core !== core) site.dropAll();
  return report(core, 'function', (tier) => tier.removeFunction());
}

async function report(
  core: SiteCore,
  scope: 'call' | 'function',
  apply: (tier: SecondTier) => Promise<boolean>,
): Promise<boolean> {
  const settings = settle(core);
  if (settings.sealing !== 'off') audit(core, 'invalidate', keyIdOf(settings.sealing));
  const complete = await inBackend(core, apply);
  publish('cachekit:invalidate', { scope, origin: 'local', complete });
  return complete;
}

function keyIdOf(sealing: Exclude<Sealing, 'off'>): string {
  const state = cipherState(sealing, registry().config, currentEnvironment(), currentClock().monotonicMs());
  return state.status === 'ready' ? state.vault.keyId : '';
}

/** Applies the invalidation to the backend. True if there is none, or it has acknowledged it. */
async function inBackend(core: SiteCore, apply: (tier: SecondTier) => Promise<boolean>): Promise<boolean> {
  const settings = settle(core);
  if (!hasBackend(settings)) return true;
  const { config, closed } = registry();
  if (closed) return false;
  let vault;
  if (settings.sealing !== 'off') {
    const state = cipherState(settings.sealing, config, currentEnvironment(), currentClock().monotonicMs());
    if (state.status !== 'ready') return false;
    ({ vault } = state);
  }
  const tier = core.tier ?? (await openTier(core, settings, vault));
  return tier === undefined ? false : apply(tier);
}
