// `share`, and types that are readonly all the way: one value for all hits, which nobody can change.
import { textName } from './text-kinds.ts';

/**
 * Freezes plain objects and arrays, all the way down. false: the value holds something that freezing does not protect
 * (a Map, a Date, bytes); parts of it are frozen by then.
 */
export function deepFreeze(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (!Array.isArray(value) && !isPlain(value)) return textName(value)?.startsWith('Temporal.') === true;
  Object.freeze(value);
  return Object.values(value).every((part) => Object.isFrozen(part) || deepFreeze(part));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
