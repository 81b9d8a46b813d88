// `cacheOf()`: the handle of a cached function, or of a method of an object.
import type { AnyFunction } from '../../config/cache-options.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { siteOfFunction } from '../registry.ts';
import type { CacheHandle } from './cache-handle.ts';

type MethodOf<T> = { [K in keyof T]-?: T[K] extends AnyFunction ? K : never }[keyof T];

/**
 * The handle of a cached function. For a method whose key reads `this`, use `cacheOf(object, 'method')`: without the
 * object, the handle throws ERR_CACHEKIT_NEEDS_SELF.
 * @throws ERR_CACHEKIT_NOT_CACHED if the function is not cached, or was not compiled
 */
export function cacheOf<F extends AnyFunction>(fn: F): CacheHandle<F>;
/** The handle of a method whose key reads `this`. @throws ERR_CACHEKIT_NOT_CACHED */
export function cacheOf<T extends object, M extends MethodOf<T>>(
  self: T,
  method: M,
): CacheHandle<Extract<T[M], AnyFunction>>;
export function cacheOf(target: object, method?: PropertyKey): CacheHandle<AnyFunction> {
  const fn: unknown = method === undefined ? target : Reflect.get(target, method);
  const site = typeof fn === 'function' ? siteOfFunction(fn) : undefined;
  if (site === undefined) throw notCached(fn, method);
  return site.open(fn as AnyFunction, method === undefined ? undefined : target); // it has a site, so it is one
}

function notCached(value: unknown, method: PropertyKey | undefined): CacheKitError {
  const isFunction = typeof value === 'function';
  const name = method ?? (isFunction ? value.name : '');
  const what = name === '' ? (isFunction ? 'A function without a name' : 'The value') : `\`${String(name)}\``;
  return new CacheKitError(
    'ERR_CACHEKIT_NOT_CACHED',
    `${what} is not a cached function. Mark it, and build with the cachekit compiler; functions that module scope cannot reach need cached(), and a #private method is written in the call: cacheOf(this.#method).`,
  );
}
