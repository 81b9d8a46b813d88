// Makes the handle of a cached function. The function itself binds the arguments of a call: see capture.ts.
import type { AnyFunction } from '../../config/cache-options.ts';
import { parseDuration } from '../../config/duration.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { createKeyNamer } from '../../key/stored-key.ts';
import { tenantOfText } from '../../key/tenant-text.ts';
import { readStats } from '../../observe/stats.ts';
import { asOneOfMany } from '../call/one-of-many.ts';
import { admitCall, identify, type SiteCall } from '../call/site-call.ts';
import type { CallIdentity } from '../registry.ts';
import { settle } from '../settle.ts';
import type { SiteCore } from '../site-core.ts';
import type { CacheHandle } from './cache-handle.ts';
import { callMany, type LoadMany } from './call-many.ts';
import { capture, type CapturedCall } from './capture.ts';
import { peek, refresh, setValue } from './handle-operations.ts';
import { invalidateAll, invalidateCall } from './invalidate.ts';
import { healthOf } from './site-health.ts';
import { checkHealth } from './system-health.ts';

/** The handle of `fn`. `self`: the `this` of every call. */
export function createHandle(core: SiteCore, fn: AnyFunction, self: unknown): CacheHandle<AnyFunction> {
  const bind = (args: readonly unknown[]): CapturedCall | Promise<never> => capture(core, fn, self, args);
  const call = (args: readonly unknown[]): unknown => Reflect.apply(fn, self, args as never[]); // types of the handle
  const handle: CacheHandle<AnyFunction> = {
    id: core.descriptor.id,
    get namespace() {
      return settle(core).namespace;
    },
    profile: core.descriptor.profile,
    key(...args) {
      const bound = bind(args);
      if (bound instanceof Promise) throw unbound(core, bound);
      return storedKey(core, bound);
    },
    async peek(...args) {
      return peek(admitted(core, await bind(args)));
    },
    async set(args, value, options) {
      const ttlMs = options?.ttl === undefined ? undefined : parseDuration(options.ttl, 'ttl');
      await setValue(core, admitted(core, await bind(args)), value, ttlMs);
    },
    // Not an async function: when the method returns, the call is invalid in this process.
    invalidate(...args) {
      return whenBound(bind, args, (bound) => invalidateCall(core, identityOf(core, bound), bound.found));
    },
    invalidateAll: () => invalidateAll(core),
    async refresh(...args) {
      const bound = await bind(args);
      const site = admitted(core, bound);
      return site === undefined ? bound.body(...bound.args) : refresh(site);
    },
    async uncached(...args) {
      const bound = await bind(args);
      return bound.body(...bound.args);
    },
    many(list) {
      const { batch } = core.options ?? {};
      if (batch === undefined) return Promise.all(list.map(async (args) => asOneOfMany(() => call(args))));
      return callMany(core, list, bind, batch as LoadMany); // the options are of this very function
    },
    stats: () => {
      const { memory } = settle(core);
      return readStats(core.counters, core.entries(), memory === false ? 0 : memory.maxBytes);
    },
    getHealthStatus: () => healthOf(core),
    async checkHealth() {
      return { decorator: handle.getHealthStatus(), system: await checkHealth() };
    },
  };
  return handle;
}

function whenBound(
  bind: (args: readonly unknown[]) => CapturedCall | Promise<never>,
  args: readonly unknown[],
  then: (bound: CapturedCall) => Promise<boolean>,
): Promise<boolean> {
  try {
    const bound = bind(args);
    return bound instanceof Promise ? bound : then(bound);
  } catch (error) {
    return Promise.reject(error as Error); // what the function's own parameters threw
  }
}

/** undefined: the call does not use the cache (disabled, closed, unkeyable). @throws if a secure call has no key */
function admitted(core: SiteCore, bound: CapturedCall): SiteCall | undefined {
  const admission = admitCall(core, bound.args, bound.body, bound.given);
  if (admission.kind === 'reject') throw admission.error;
  return admission.kind === 'call' ? admission.call : undefined;
}

/** The key of a call, even if the site is disabled now. undefined: the call has no key, so nothing was ever stored. */
function identityOf(core: SiteCore, bound: CapturedCall): CallIdentity | undefined {
  settle(core);
  const identity = identify(core, bound.args, bound.given);
  return identity === 'no-tenant' ? undefined : identity; // such a call rejects, so nothing was stored
}

/** The backend key of a call. */
function storedKey(core: SiteCore, bound: CapturedCall): string {
  const admission = admitCall(core, bound.args, bound.body, bound.given);
  if (admission.kind === 'reject') throw admission.error;
  const { settings } = core;
  const identity = identify(core, bound.args, bound.given);
  if (identity === undefined || identity === 'no-tenant' || settings === undefined) {
    throw new CacheKitError(
      'ERR_CACHEKIT_UNKEYABLE',
      `These arguments of \`${core.descriptor.id}\` have no key.`,
    );
  }
  if (settings.interop !== undefined) return identity.text;
  const vault = admission.kind === 'call' ? admission.call.cipher : undefined;
  if (settings.sealing !== 'off' && vault === undefined) throw noKeyYet(core);
  const namer = createKeyNamer(
    { ...settings, siteId: settings.id },
    vault?.cipherOf(tenantOfText(identity.text)),
  );
  return namer(identity.text).name;
}

function noKeyYet(core: SiteCore): CacheKitError {
  const message = `\`${core.descriptor.id}\` is secure and has no master key at the moment, so its keys have no names.`;
  return new CacheKitError('ERR_CACHEKIT_NO_MASTER_KEY', message, { retryable: true });
}

/** The error of `key()`, which is synchronous, if the parameters of the function rejected. */
function unbound(core: SiteCore, bound: Promise<never>): CacheKitError {
  bound.catch(() => undefined);
  return new CacheKitError('ERR_CACHEKIT_UNKEYABLE', `\`${core.descriptor.id}\` refuses these arguments.`);
}
