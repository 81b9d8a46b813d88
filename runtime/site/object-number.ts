// Objects as parts of keys: each has a number of its own for as long as it lives, in this process only.
import { expectSomebody } from './handle/nobody.ts';
import { dropObject } from './object-entries.ts';
import { registry } from './registry.ts';

/** Objects that this copy of the package has heard of. Their numbers are those of all copies. */
const known = new WeakMap<object, number>();

/** What an object made is of no use to anybody else: nobody can ask for it again. */
const deaths = new FinalizationRegistry<number>(dropObject);

/**
 * For `self=instance`. Undefined for what is no object: a method that was called without one.
 * @throws ERR_CACHEKIT_NEEDS_SELF in a handle without an object
 */
export function objectNumber(value: unknown): number | undefined {
  expectSomebody(value);
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject) return undefined;
  return known.get(value) ?? firstMet(value);
}

function firstMet(object: object): number {
  const number = numberOf(object);
  known.set(object, number);
  deaths.register(object, number);
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
