// Chooses the second tier from names, URLs and backend objects. The order of sources is in docs/guide/options.md.
import type { Backend } from '../backend/backend.ts';
import type { BackendRef, CacheKitConfig } from './cachekit-config.ts';
import type { Environment } from './env.ts';

/** A second tier that is not opened yet. */
export type BackendChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'memory' }
  | { readonly kind: 'embedded' }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'own'; readonly backend: Backend }
  /** A name that is not configured, or a URL of an unknown scheme: memory only, never another store. */
  | { readonly kind: 'unknown'; readonly name: string };

/** Where a setting comes from. */
export type ConfigSource = 'code' | 'environment' | 'default';

/** The second tier of functions that do not name one. */
export function defaultBackend(
  config: CacheKitConfig,
  environment: Environment,
): { readonly choice: BackendChoice; readonly source: ConfigSource } {
  if (config.backend !== undefined) return { choice: toChoice(config.backend), source: 'code' };
  if (environment.backend !== undefined)
    return { choice: toChoice(environment.backend), source: 'environment' };
  const url = environment.cachekitRedisUrl ?? (environment.isTest ? undefined : environment.redisUrl);
  if (url !== undefined) return { choice: toChoice(url), source: 'environment' };
  if (environment.isTest) return { choice: { kind: 'memory' }, source: 'default' };
  // node:sqlite is stable enough from Node 24 on.
  return { choice: { kind: environment.nodeMajor >= 24 ? 'embedded' : 'none' }, source: 'default' };
}

/** `backend=` of a call site: a built-in, or a name in `configure({ backends })`. */
export function namedBackend(name: string | Backend, config: CacheKitConfig): BackendChoice {
  if (typeof name !== 'string') return { kind: 'own', backend: name };
  if (isBuiltIn(name)) return { kind: name };
  const known = config.backends !== undefined && Object.hasOwn(config.backends, name);
  const ref = known ? config.backends[name] : undefined;
  return ref === undefined ? { kind: 'unknown', name } : toChoice(ref, name);
}

/** `backend` of a namespace: a value, or a name in `configure({ backends })`. */
export function namespaceBackend(ref: BackendRef, config: CacheKitConfig): BackendChoice {
  const isName =
    typeof ref === 'string' && config.backends !== undefined && Object.hasOwn(config.backends, ref);
  return isName ? namedBackend(ref, config) : toChoice(ref);
}

/**
 * Values of `configure()` and of the environment may also be URLs. `name` stands for an unusable one in health
 * reports.
 */
function toChoice(ref: BackendRef, name = 'default'): BackendChoice {
  if (typeof ref !== 'string') return { kind: 'own', backend: ref };
  if (isBuiltIn(ref)) return { kind: ref };
  const isUrl = /^(rediss?|redis\+sentinel|redis\+cluster):\/\//.test(ref);
  return isUrl ? { kind: 'url', url: ref } : { kind: 'unknown', name };
}

/** A key that is equal for choices of the same store, which share a guard and a write queue. undefined: no store. */
export function backendKey(choice: BackendChoice): unknown {
  if (choice.kind === 'own') return choice.backend;
  if (choice.kind === 'url') return `url ${choice.url}`;
  return choice.kind === 'memory' || choice.kind === 'embedded' ? choice.kind : undefined;
}

function isBuiltIn(name: string): name is 'none' | 'memory' | 'embedded' {
  return name === 'none' || name === 'memory' || name === 'embedded';
}
