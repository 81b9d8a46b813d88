// Objects as parts of keys: each object has a unique number in this process, for as long as it lives.
import { requireSelf } from './handle/missing-self.ts';
import { dropObject } from './object-entries.ts';
import { registry } from './registry.ts';

/** The objects that this copy of the package has met, with their numbers. The numbers are the same in all copies. */
const known = new WeakMap<object, number>();

/** When an object is collected, its entries are dropped: nobody can ask for them again. */
const collected = new FinalizationRegistry<number>(dropObject);

/**
 * The number of an object, for `self=instance`. undefined if the value is no object: the method was called without one.
 * @throws ERR_CACHEKIT_NEEDS_SELF in a handle without an object
 */
export function objectNumber(value: unknown): number | undefined {
  requireSelf(value);
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject) return undefined;
  return known.get(value) ?? firstMet(value);
}

function firstMet(object: object): number {
  const number = numberOf(object);
  known.set(object, number);
  collected.register(object, number);
  return number;
}

function numberOf(object: object): number {
  const objects = (registry().objects ??= { numbers: new WeakMap(), last: 0 });
  const given = objects.numbers.get(object);
  if (given !== undefined) return given;
  objects.last += 1;
  objects.numbers.set(object, objects.last);
  return objects.last;
}
