// A #private method as `cacheOf` can take it: emitted code hands it over, since nothing outside of the class can read it.
import type { EmittedSite } from '../emitted-site.ts';
import { registry } from '../registry.ts';

/** What `cacheOf` gets for `object.#method`: a copy of the method that knows its object, and that its site is known by. */
export function ownMethod<T>(site: EmittedSite, object: T, read: (object: T) => unknown): unknown {
  const method = read(object);
  const { registration } = site.core;
  if (typeof method !== 'function' || registration === undefined) return method;
  const own = method.bind(object) as object; // a function
  registry().byFunction.set(own, registration);
  return own;
}
