// `isDeepStrictEqual`, which on Node 22 says of two invalid dates that they differ.
import { isDeepStrictEqual as ofNode } from 'node:util';

const takesInvalidDates = ofNode(new Date(NaN), new Date(NaN));
/** The last date there is: no generated value has it. */
const LAST_MS = 8.64e15;

/** Where Node does not know better, invalid dates are the last date while it compares. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  if (takesInvalidDates) return ofNode(a, b);
  const dates = new Set<Date>();
  collectInvalid([a, b], dates, new Set());
  for (const date of dates) date.setTime(LAST_MS);
  try {
    return ofNode(a, b);
  } finally {
    for (const date of dates) date.setTime(NaN);
  }
}

function collectInvalid(value: unknown, into: Set<Date>, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Date && Number.isNaN(value.getTime())) into.add(value);
  if (value instanceof Map || value instanceof Set)
    for (const part of value) collectInvalid(part, into, seen);
  for (const key of Reflect.ownKeys(value)) {
    const { value: part } = Object.getOwnPropertyDescriptor(value, key) ?? {};
    collectInvalid(part, into, seen);
  }
}
