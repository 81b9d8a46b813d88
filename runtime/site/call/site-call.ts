// One call that `hit` did not answer: its key, and whether it may use the cache at all.
import { currentEnvironment } from '../../config/current.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import type { Vault } from '../../crypto/vault.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { typedKey } from '../../interop/interop-key.ts';
import { keyKit } from '../../key/key-kit.ts';
import { withTenant } from '../../key/tenant-text.ts';
import type { Place } from '../../memory/entry-index.ts';
import type { CallReason } from '../../observe/events.ts';
import { notice } from '../../observe/notice.ts';
import type { Span } from '../../observe/span.ts';
import type { Body, GivenKey } from '../emitted-site.ts';
import { registry, type CallIdentity } from '../registry.ts';
import { settle } from '../settle.ts';
import type { SiteCore } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { cipherState } from '../tier/master-keys.ts';
import { sayCallback } from './say-callback.ts';
import { currentTenant } from './tenant.ts';
import { atOnce, isYes } from './user-answer.ts';
import { isWithoutCache } from './without-cache.ts';

/** A call that uses the cache. */
export interface SiteCall {
  readonly core: SiteCore;
  readonly settings: SiteSettings;
  /** Only for a sealed site. */
  readonly cipher: Vault | undefined;
  readonly args: readonly unknown[];
  readonly body: Body;
  /** The values that are part of the key. */
  readonly keyed: readonly unknown[];
  /** Canonical key text. */
  readonly text: string;
  /** As in `GivenKey`. */
  readonly isTyped: boolean;
  /** Made before the body runs, because it may modify its arguments. */
  readonly place: Place | undefined;
  /** Monotonic ms. */
  readonly startedMs: number;
  /** The span of the call, if it is traced. It begins when memory has no answer. */
  readonly span?: Span | undefined;
}

/** Whether a call uses the cache. `bypass`: the function runs uncached. `reject`: the call fails with the error. */
export type Admission =
  | { readonly kind: 'call'; readonly call: SiteCall }
  | { readonly kind: 'bypass'; readonly reason: CallReason }
  | { readonly kind: 'reject'; readonly error: CacheKitError };

const bypass = (reason: CallReason): Admission => ({ kind: 'bypass', reason });

/**
 * Decides whether a call uses the cache, and finds its key. Never throws: an argument that cannot be read gives a bypass.
 * `given`: the key, if `cached()` has determined it.
 */
export function admitCall(core: SiteCore, args: readonly unknown[], body: Body, given?: GivenKey): Admission {
  core.counters.lastOperationAtMs = currentClock().nowMs();
  const { config, closed } = registry();
  if (closed) return bypass('closed');
  const settings = settle(core);
  if (!settings.enabled) return bypass('disabled');
  if (isWithoutCache()) return bypass('scope');
  let cipher: Vault | undefined;
  const isSealed = settings.sealing !== 'off';
  if (isSealed || settings.integrity === 'hmac') {
    const sealing = settings.sealing === 'off' ? 'master-key' : settings.sealing;
    const state = cipherState(sealing, config, currentEnvironment(), currentClock().monotonicMs());
    if (state.status === 'refused' && isSealed) return { kind: 'reject', error: state.error };
    if (state.status !== 'ready') return bypass('no-key');
    if (isSealed) cipher = state.vault;
  }
  if (!isWanted(core, settings, args)) return bypass('when');
  const identity = identify(core, args, given);
  if (identity === 'no-tenant') return { kind: 'reject', error: missingTenant(core) };
  if (identity === undefined) return bypass('unkeyable');
  const { keyed, text, isTyped, place } = identity; // not spread: that would cost more than the rest of this function
  const startedMs = currentClock().monotonicMs();
  return {
    kind: 'call',
    call: { core, settings, cipher, args, body, keyed, text, isTyped, place, startedMs },
  };
}

const UNCACHED = 'the call ran uncached';

/** Asks the option `when`. If it throws, the call is not cached. */
function isWanted(core: SiteCore, { rules }: SiteSettings, args: readonly unknown[]): boolean {
  try {
    return rules.when === undefined || isYes(rules.when(...args));
  } catch {
    sayCallback(core, '`when`', UNCACHED);
    return false;
  }
}

interface Identity extends CallIdentity {
  readonly place: Place | undefined;
}

/** The key of a call. undefined for arguments without one: functions, class instances, cycles, throwing getters. */
export function identify(
  core: SiteCore,
  args: readonly unknown[],
  given?: GivenKey,
): Identity | 'no-tenant' | undefined {
  const identity = identifyCall(core, args, given);
  if (identity === undefined) return undefined;
  if (core.settings?.interop !== undefined) return identifyInterop(core, identity, given);
  try {
    const tenant = tenantOf(core.settings, args);
    if (tenant === 'no-tenant') return tenant;
    if (tenant === undefined) return identity;
    // The typed index only knows the arguments, so entries of tenants are found by their text.
    return { ...identity, text: withTenant(tenant.name, identity.text), isTyped: false, place: undefined };
  } catch {
    // `tenant` threw: it is unknown whose entry this would be.
    sayCallback(core, '`tenant`', UNCACHED);
    return undefined;
  }
}

/**
 * The tenant that the option `tenant` gives; without the option, that of `runWithTenant` for secure functions.
 * `no-tenant`: the option of a secure function gives no tenant, so the call is refused.
 */
function tenantOf(
  settings: SiteSettings | undefined,
  args: readonly unknown[],
): { readonly name: string } | 'no-tenant' | undefined {
  if (settings === undefined) return undefined;
  const { rules, sealing } = settings;
  const isSealed = sealing !== 'off';
  if (rules.tenant === undefined) {
    const name = isSealed ? currentTenant() : undefined;
    return name === undefined ? undefined : { name };
  }
  const name: unknown = atOnce(rules.tenant(...args));
  if (typeof name === 'string' && (!isSealed || (name !== '' && name.isWellFormed()))) return { name };
  if (isSealed) return 'no-tenant';
  if (name === undefined) return undefined;
  throw new TypeError('a tenant is a text');
}

/** The interop key. undefined if the arguments are not as the compiler saw them: other languages would see others. */
function identifyInterop(
  core: SiteCore,
  identity: Identity,
  given: GivenKey | undefined,
): Identity | undefined {
  const { settings } = core;
  if (settings?.interop === undefined) return undefined;
  if (given?.isTyped === false && core.keyOps !== undefined) return undefined;
  // Interop keys have no place for a tenant, and one tenant must not get the entries of another.
  if (settings.sealing !== 'off' && currentTenant() !== undefined) {
    sayNoTenants(core);
    return undefined;
  }
  const { floats } = core.descriptor;
  try {
    return { ...identity, text: typedKey(settings.namespace, settings.interop, identity.keyed, floats) };
  } catch {
    return undefined; // arguments that the interop data model cannot express
  }
}

function sayNoTenants({ descriptor }: SiteCore): void {
  notice(
    'CACHEKIT_INTEROP_TENANT',
    `\`${descriptor.id}\` has \`interop\`, whose keys have no place for a tenant: inside runWithTenant() it runs uncached.`,
    `interop tenant ${descriptor.id}`,
  );
}

function missingTenant({ descriptor }: SiteCore): CacheKitError {
  return new CacheKitError(
    'ERR_CACHEKIT_NO_TENANT',
    `\`${descriptor.id}\` is secure, and its \`tenant\` gave no text for this call.`,
  );
}

function identifyCall(core: SiteCore, args: readonly unknown[], given?: GivenKey): Identity | undefined {
  try {
    if (given?.isTyped === false) {
      const text = `#${given.count}:${given.keyed.map((value) => keyKit.any(value)).join('')}`;
      return { keyed: given.keyed, text, isTyped: false, place: undefined };
    }
    const { pick } = core.descriptor;
    const keyed = given?.keyed ?? (pick === undefined ? args : pick(...(args as never[]))); // generated for these args
    const text = keyText(core, keyed);
    return { keyed, text, isTyped: true, place: core.typed.place(keyed) };
  } catch {
    return undefined;
  }
}

function keyText(core: SiteCore, keyed: readonly unknown[]): string {
  const { keyOps } = core;
  if (keyOps !== undefined) return keyOps.key(...(keyed as never[])); // generated for these values
  return core.descriptor.index === 0 ? '' : keyKit.any([...keyed]);
}
