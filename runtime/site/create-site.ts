// Composition root: turns a descriptor into a site with the right index, and registers it so that handles and configure()
// find it.
import type { CacheOptions } from '../config/cache-options.ts';
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import { EMIT_VERSION } from '../contract/versions.ts';
import type { EmittedSite } from './emitted-site.ts';
import { createHandle } from './handle/handle.ts';
import { SiteMany } from './index/index-many.ts';
import { SiteNone } from './index/index-none.ts';
import { SiteOne } from './index/index-one.ts';
import { SiteTwo } from './index/index-two.ts';
import { PassThrough } from './index/pass-through.ts';
import { joinProcess } from './package-copy.ts';
import { registerSite, registry, sitesOf, type RegisteredSite } from './registry.ts';
import { preloadTier } from './tier/preload-tier.ts';

/** The sites of this copy of the package by their registration. */
const emitted = new WeakMap<RegisteredSite, EmittedSite>();

/** For emitted code. Runs no user code. A module that is evaluated again gets the site it had, with its memory. */
export function createSite(descriptor: CacheDescriptor, options?: CacheOptions): EmittedSite {
  // A descriptor of another version, probably from a newer compiler: nothing else in it can be relied on.
  if ((descriptor.v as number) !== EMIT_VERSION) return new PassThrough(descriptor);
  const known = sitesOf(descriptor.id);
  const same = known.find((site) => emitted.has(site) && isSameSite(site, descriptor, options));
  const site = (same === undefined ? undefined : emitted.get(same)) ?? register(descriptor, options, known);
  if (descriptor.fn !== undefined)
    registry().pending.push({ get: descriptor.fn, site: registrationOf(site) });
  return site;
}

function register(
  descriptor: CacheDescriptor,
  options: CacheOptions | undefined,
  known: readonly RegisteredSite[],
): EmittedSite {
  joinProcess();
  // Hot reload: a new body takes over the id, so what the old one has in memory or in flight is invalid.
  for (const old of known) if (old.core.descriptor.code !== descriptor.code) old.dropAll();
  const site = newSite(descriptor, options);
  const { core } = site;
  const registration: RegisteredSite = {
    core,
    dropCall: (call) => core.dropCall(call),
    dropAll: () => core.dropAll(),
    retire: () => core.retire(),
    open: (fn, self) => createHandle(core, fn, self),
  };
  core.registration = registration;
  emitted.set(registration, site);
  registerSite(registration);
  preloadTier(core);
  return site;
}

function newSite(descriptor: CacheDescriptor, options: CacheOptions | undefined): EmittedSite {
  switch (descriptor.index) {
    case 0:
      return new SiteNone(descriptor, options);
    case 1:
      return new SiteOne(descriptor, options);
    case 2:
      return new SiteTwo(descriptor, options);
    default:
      return new SiteMany(descriptor, options);
  }
}

/** The site as other copies of the package see it. */
export function registrationOf(site: EmittedSite): RegisteredSite {
  return site.core.registration as RegisteredSite; // only a PassThrough has none, and it never gets here
}

function isSameSite(
  site: RegisteredSite,
  descriptor: CacheDescriptor,
  options: CacheOptions | undefined,
): boolean {
  const { core } = site;
  return (
    core.descriptor.code === descriptor.code &&
    core.descriptor.shape === descriptor.shape &&
    core.descriptor.profile === descriptor.profile &&
    JSON.stringify(core.descriptor.settings) === JSON.stringify(descriptor.settings) &&
    hasSameOptions(core.options, options)
  );
}

/** `key` is not compared: the wrapper applies it before it asks the site. */
function hasSameOptions(a: CacheOptions | undefined, b: CacheOptions | undefined): boolean {
  if (a?.backend !== b?.backend || a?.serializer !== b?.serializer) return false;
  const plain = (options: CacheOptions = {}): string =>
    JSON.stringify({ ...options, backend: undefined, key: undefined });
  return plain(a) === plain(b);
}
