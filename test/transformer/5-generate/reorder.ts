// Values that differ in nothing but the order of their properties, and a text in which that order shows.

import { textName, textOf } from '../../../runtime/value/text-kinds.ts';
import { Money } from './classes.ts';

/** The same value with the properties of each plain object in another order. Parts that are no containers are shared. */
export function reorder(value: unknown, random: () => number): unknown {
  const inner = (part: unknown): unknown => reorder(part, random);
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [inner(key), inner(item)]));
  if (value instanceof Set) return new Set([...value].map(inner));
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const shuffled = Object.entries(value)
    .map(([name, item]) => ({ name, item: inner(item), at: random() }))
    .toSorted((a, b) => a.at - b.at);
  const copy = Object.create(prototype) as Record<string, unknown>; // empty so far
  for (const { name, item } of shuffled) copy[name] = item;
  return copy;
}

/** JSON, with what JSON leaves out. */
export function layout(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name, part: unknown) {
    if (part === undefined) return '<undefined>';
    if (part instanceof RegExp) return ['<pattern>', String(part), part.lastIndex];
    if (part instanceof Money) return ['<money>', `${part.cents}`, part.currency];
    // As it was before its own toJSON.
    const text = textName(this[name]);
    if (text !== undefined) return ['<text>', text, textOf(this[name] as object, text)]; // it has a name, so it is one
    if (typeof part === 'bigint') return `${part}n`;
    if (part instanceof Map) return ['<map>', ...part];
    return part instanceof Set ? ['<set>', ...part] : part;
  });
}

/** A small generator with a seed: a failing case can be run again. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}
