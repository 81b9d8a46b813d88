// What all copies of this package in one process share: the configuration, the sites, and whom to tell of a change.
import type { AnyFunction } from '../config/cache-options.ts';
import type { CacheKitConfig } from '../config/cachekit-config.ts';
import type { CacheHandle } from './handle/cache-handle.ts';
import { INSPECT } from './shown.ts';
import type { SiteCore } from './site-core.ts';

/** What identifies a call, so that a site of the same id in any copy of the package can drop it. */
export interface CallIdentity {
  readonly keyed: readonly unknown[];
  /** Canonical key text. */
  readonly text: string;
  /** The typed index can hold the call: `keyed` has the types the index was generated for. */
  readonly isTyped: boolean;
}

/** A site as other copies of the package see it. The methods are those of `SiteCore`. */
export interface RegisteredSite {
  readonly core: SiteCore;
  dropCall(call: CallIdentity): void;
  dropAll(): void;
  /** Like dropAll, but pending writes continue. */
  retire(): void;
  /** Makes a handle. */
  open(fn: AnyFunction, self: unknown): CacheHandle<AnyFunction>;
}

/** One loaded copy of the package. */
interface PackageCopy {
  readonly path: string;
  /** The configuration has changed: limits, clock and backends may be others. All sites have dropped their memory. */
  onConfigure(): void;
  /** Drops all memory entries with the tag. Absent in older copies. `id`: its group id. */
  dropTag?(id: string): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Registry {
  readonly format: 1;
  config: CacheKitConfig;
  /** Grows with every configure() and close(). Sites compare it on each call that memory does not answer. */
  generation: number;
  closed: boolean;
  /** Weak, so that a site made by cached() inside a function can be collected. */
  readonly sites: Map<string, WeakRef<RegisteredSite>[]>;
  /** Thunks of emitted code that return a marked function, not called yet. */
  readonly pending: { readonly get: () => unknown; readonly site: RegisteredSite }[];
  readonly byFunction: WeakMap<object, RegisteredSite>;
  readonly copies: PackageCopy[];
  /** Numbers of objects that are part of keys. Shared by all copies, as the keys are. */
  objects?: { readonly numbers: WeakMap<object, number>; last: number };
  /** Who writes log lines: one copy for all, for the configuration of that generation. */
  logging?: { readonly generation: number; readonly stop: () => void };
  /** The trace id of the current span; set by the tracing adapter. */
  traceId?: () => string | undefined;
}

/** One per major version of the package. */
const SLOT = Symbol.for('cachekit.1');

let found: Registry | undefined;

/** The registry of this process, made on first use. */
export function registry(): Registry {
  return (found ??= findOrCreate());
}

function findOrCreate(): Registry {
  const holder = globalThis as { [SLOT]?: Registry }; // nobody else uses this symbol
  return holder[SLOT] ?? create(holder);
}

/** The configuration holds keys and passwords, so neither a dump of `globalThis` nor one of the registry shows it. */
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

/** Adds a site. */
export function registerSite(site: RegisteredSite): void {
  const { sites } = registry();
  const { id } = site.core.descriptor;
  const alive = (sites.get(id) ?? []).filter((ref) => ref.deref() !== undefined);
  sites.set(id, [...alive, new WeakRef(site)]);
}

/** All live sites of an id: several after a hot reload, with two copies of the package, or with different options. */
export function sitesOf(id: string): RegisteredSite[] {
  return (registry().sites.get(id) ?? []).flatMap((ref) => ref.deref() ?? []);
}

/** All live sites of all ids. */
export function allSites(): RegisteredSite[] {
  return [...registry().sites.keys()].flatMap(sitesOf);
}

/** The site of a function. The thunks of emitted code are called as late as here, when user modules have run. */
export function siteOfFunction(fn: object): RegisteredSite | undefined {
  const { pending, byFunction } = registry();
  for (const item of pending.splice(0)) {
    const value = ask(item.get);
    if (typeof value === 'function') byFunction.set(value, item.site);
    else pending.push(item);
  }
  return byFunction.get(fn);
}

/** Calls a thunk. undefined if the module is still being evaluated: it is called again next time. */
function ask(get: () => unknown): unknown {
  try {
    return get();
  } catch {
    return undefined;
  }
}
