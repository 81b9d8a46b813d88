// Objects as parts of a key: each has a number of its own for as long as it lives, in this process only.
import { registry } from './registry.ts';

/** For `self=instance`. Undefined for what is no object: a method that was called without one. */
export function objectNumber(value: unknown): number | undefined {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject) return undefined;
  const objects = (registry().objects ??= { numbers: new WeakMap(), last: 0 });
  const known = objects.numbers.get(value);
  if (known !== undefined) return known;
  objects.last += 1;
  objects.numbers.set(value, objects.last);
  return objects.last;
}
