// `share` gives one value to all hits: true only if nobody can change any part of it.
import { expect, test } from 'vitest';
import { deepFreeze } from '../../../runtime/value/deep-freeze.ts';

class Counter {
  #count = 0;

  constructor() {
    Object.freeze(this);
  }

  add(): number {
    return ++this.#count;
  }
}

test('plain objects and arrays are frozen all the way down', () => {
  const value = { list: [{ name: 'a' }], nothing: null, text: 'b' };
  expect(deepFreeze(value)).toBe(true);
  expect([value, value.list, value.list[0]].every((part) => Object.isFrozen(part))).toBe(true);
});

test('a part that is frozen already is not taken for one that is frozen inside', () => {
  const frozen = Object.freeze({ inner: { name: 'a' } });
  expect(deepFreeze({ frozen })).toBe(true);
  expect(Object.isFrozen(frozen.inner)).toBe(true);
});

test('a frozen part that can change all the same cannot be shared', () => {
  expect(deepFreeze({ counter: new Counter() })).toBe(false);
  expect(deepFreeze({ map: Object.freeze(new Map()) })).toBe(false);
  expect(deepFreeze([Object.freeze(new Date(0))])).toBe(false);
});
