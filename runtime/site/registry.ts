// What all copies of this package in one process share: configuration, sites, and who must hear of a change.
import type { AnyFunction } from '../config/cache-options.ts';
import type { CacheKitConfig } from '../config/cachekit-config.ts';
import type { CacheHandle } from './handle/cache-handle.ts';
import { INSPECT } from './shown.ts';
import type { SiteCore } from './site-core.ts';

/** A call by what identifies it: enough for any copy's site of the same id to drop it. */
export interface CallIdentity {
  readonly keyed: readonly unknown[];
  /** Canonical key text. */
  readonly text: string;
  /** The typed index can hold it: `keyed` are the values it was made for. */
  readonly isTyped: boolean;
}

/** A site as other copies see it. */
export interface RegisteredSite {
  readonly core: SiteCore;
  dropCall(call: CallIdentity): void;
  dropAll(): void;
  /** Like dropAll, but writes that wait go on. */
  retire(): void;
  open(fn: AnyFunction, self: unknown): CacheHandle<AnyFunction>;
}

/** One loaded copy of the package. */
interface PackageCopy {
  readonly path: string;
  /** All sites have dropped their memory: limits, clock and backends may be others now. */
  onConfigure(): void;
  /** Memory has nothing under that tag any more. Absent in older copies. `id`: its group id. */
  dropTag?(id: string): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Registry {
  readonly format: 1;
  config: CacheKitConfig;
  /** Changes with every configure() and close(): sites compare it on each call that leaves memory. */
  generation: number;
  closed: boolean;
  /** Weak: a site made by cached() inside a function goes with it. */
  readonly sites: Map<string, WeakRef<RegisteredSite>[]>;
  /** Thunks that give a marked function, not asked yet. */
  readonly pending: { readonly get: () => unknown; readonly site: RegisteredSite }[];
  readonly byFunction: WeakMap<object, RegisteredSite>;
  readonly copies: PackageCopy[];
  /** Numbers of objects that are parts of keys: one for all copies, since keys are. */
  objects?: { readonly numbers: WeakMap<object, number>; last: number };
  /** Who writes log lines: one copy for all, for the configuration of that generation. */
  logging?: { readonly generation: number; readonly stop: () => void };
  /** Of the span that is open now; set by the tracing adapter. */
  traceId?: () => string | undefined;
}

/** One per major version of the package. */
const SLOT = Symbol.for('cachekit.1');

let found: Registry | undefined;

export function registry(): Registry {
  return (found ??= findOrCreate());
}

function findOrCreate(): Registry {
  const holder = globalThis as { [SLOT]?: Registry }; // nobody else uses this symbol
  return holder[SLOT] ?? create(holder);
}

/** Configuration holds keys and passwords: neither a dump of `globalThis` nor one of the registry shows it. */
function create(holder: object): Registry {
  const made: Registry = {
    format: 1,
    config: {},
    generation: 0,
    closed: false,
    sites: new Map(),
    pending: [],
    byFunction: new WeakMap(),
    copies: [],
  };
  Object.defineProperty(made, INSPECT, { value: () => 'CacheKitRegistry' });
  Object.defineProperty(holder, SLOT, { value: made, configurable: true });
  return made;
}

export function registerSite(site: RegisteredSite): void {
  const { sites } = registry();
  const { id } = site.core.descriptor;
  const alive = (sites.get(id) ?? []).filter((ref) => ref.deref() !== undefined);
  sites.set(id, [...alive, new WeakRef(site)]);
}

/** All living sites of an id: more than one after a hot reload, with two copies, or with different options. */
export function sitesOf(id: string): RegisteredSite[] {
  return (registry().sites.get(id) ?? []).flatMap((ref) => ref.deref() ?? []);
}

export function allSites(): RegisteredSite[] {
  return [...registry().sites.keys()].flatMap(sitesOf);
}

/** The site of a function, by the thunks of emitted code. They are asked late: user modules have run by then. */
export function siteOfFunction(fn: object): RegisteredSite | undefined {
  const { pending, byFunction } = registry();
  for (const item of pending.splice(0)) {
    const value = ask(item.get);
    if (typeof value === 'function') byFunction.set(value, item.site);
    else pending.push(item);
  }
  return byFunction.get(fn);
}

/** A module that is still being evaluated has no value yet: it is asked again next time. */
function ask(get: () => unknown): unknown {
  try {
    return get();
  } catch {
    return undefined;
  }
}
