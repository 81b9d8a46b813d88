// One call that memory did not answer at once: what it is keyed by, and whether it may use the cache at all.
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

export interface SiteCall {
  readonly core: SiteCore;
  readonly settings: SiteSettings;
  /** Of a sealed site. */
  readonly cipher: Vault | undefined;
  readonly args: readonly unknown[];
  readonly body: Body;
  readonly keyed: readonly unknown[];
  /** Canonical key text. */
  readonly text: string;
  readonly isTyped: boolean;
  /** Made before the body runs: it may change its arguments. */
  readonly place: Place | undefined;
  /** Monotonic ms. */
  readonly startedMs: number;
  /** If somebody traces, from when memory had no answer. */
  readonly span?: Span | undefined;
}

export type Admission =
  | { readonly kind: 'call'; readonly call: SiteCall }
  | { readonly kind: 'bypass'; readonly reason: CallReason }
  | { readonly kind: 'reject'; readonly error: CacheKitError };

const bypass = (reason: CallReason): Admission => ({ kind: 'bypass', reason });

/** Total: a fault of ours, or of an argument that cannot be read, is a bypass. `given`: by `cached()` itself. */
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
  const { keyed, text, isTyped, place } = identity; // one by one: a spread costs more than all else here
  const startedMs = currentClock().monotonicMs();
  return {
    kind: 'call',
    call: { core, settings, cipher, args, body, keyed, text, isTyped, place, startedMs },
  };
}

const UNCACHED = 'the call ran uncached';

/** `when`: one that throws says nothing, so the function runs as if there were no cache. */
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

/** Undefined for arguments that have no key: functions, class instances, cycles, values that throw when read. */
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
    // The typed index knows arguments only: entries of tenants are found by text.
    return { ...identity, text: withTenant(tenant.name, identity.text), isTyped: false, place: undefined };
  } catch {
    // Nobody knows whose entry it would be.
    sayCallback(core, '`tenant`', UNCACHED);
    return undefined;
  }
}

/** What the marker says, else `runWithTenant` for secure functions. A secure function whose own rule names nobody: refused. */
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

/** Not as the compiler saw it: there is no telling which arguments other languages would see. */
function identifyInterop(
  core: SiteCore,
  identity: Identity,
  given: GivenKey | undefined,
): Identity | undefined {
  const { settings } = core;
  if (settings?.interop === undefined) return undefined;
  if (given?.isTyped === false && core.keyOps !== undefined) return undefined;
  // Its keys have no place for a tenant, and one must not get what another has stored.
  if (settings.sealing !== 'off' && currentTenant() !== undefined) {
    sayNoTenants(core);
    return undefined;
  }
  const { floats } = core.descriptor;
  try {
    return { ...identity, text: typedKey(settings.namespace, settings.interop, identity.keyed, floats) };
  } catch {
    return undefined; // arguments that its data model does not have
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
