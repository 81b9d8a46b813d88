// Lets `cacheOf` take a #private method. Only code inside the class can read one, so emitted code passes it on.
import type { EmittedSite } from '../emitted-site.ts';
import { registry } from '../registry.ts';

/** What `cacheOf` gets for `object.#method`: the method bound to its object, and registered with its site. */
export function ownMethod<T>(site: EmittedSite, object: T, read: (object: T) => unknown): unknown {
  const method = read(object);
  const { registration } = site.core;
  if (typeof method !== 'function' || registration === undefined) return method;
  const own = method.bind(object) as object; // bind returns a function
  registry().byFunction.set(own, registration);
  return own;
}
