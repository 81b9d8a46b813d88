// Freezes a value that all hits share: with `share`, and for types that are readonly throughout.
import { textName } from './text-kinds.ts';

/**
 * Freezes plain objects and arrays at all depths. The value must have no cycles. false: it contains something that
 * freezing does not protect (a Map, a Date, bytes, an instance of a class); some parts may be frozen by then.
 */
export function deepFreeze(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (!Array.isArray(value) && !isPlain(value)) return textName(value)?.startsWith('Temporal.') === true;
  Object.freeze(value);
  // A part that is frozen already is looked at too: it may have parts that are not, or be an instance with private
  // state.
  return Object.values(value).every((part) => deepFreeze(part));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
