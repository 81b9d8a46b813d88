// What `util.inspect` prints for objects that hold arguments, values or secrets: what they are, but not what they hold.
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';

/** The method that `util.inspect` calls. `Symbol.for` makes an import of `node:util` unnecessary. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** The printed form of a site. */
export function shown({ id }: CacheDescriptor): string {
  return `CachedFunction <${id}>`;
}
