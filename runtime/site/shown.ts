// What `util.inspect` shows of the objects that hold arguments, values and secrets: their kind, and nothing inside.
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';

/** The name of the method that Node asks: a symbol that needs no import of `node:util`. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

export function shown({ id }: CacheDescriptor): string {
  return `CachedFunction <${id}>`;
}
