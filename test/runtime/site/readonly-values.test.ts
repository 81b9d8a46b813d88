// A result that is readonly all the way: hits share one value, and nobody can change it, by whatever type they hold it.
import { beforeEach, expect, it } from 'vitest';
import type { ValueKit, ValueOps } from '../../../runtime/contract/value-kit.ts';
import { configure } from '../../../runtime/index.ts';
import { resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber } from './hand-written.ts';

beforeEach(async () => {
  await resetCacheKit();
  configure({ backend: 'none' });
});

interface Limits {
  readonly max: number;
  readonly days: readonly string[];
}

/** What the compiler writes for Limits, in short. */
const limits = (kit: ValueKit): ValueOps => ({
  accepts: (value) => kit.plain(value) && typeof value['max'] === 'number' && kit.isList(value['days']),
  copy: (value: Limits) => ({ max: value.max, days: value.days.slice() }),
  immutable: true,
  write: (to, value: Limits) => to.wire([value.max, value.days]),
  read: () => kit.fail(),
});

it('is one frozen value for all hits; what the function returned stays as it is', async () => {
  const own = { max: 1, days: ['mon'] };
  const load = oneNumber(async (): Promise<Limits> => own, { value: limits });
  const first = await load(1);
  expect([first === own, Object.isFrozen(own), Object.isFrozen(own.days)]).toEqual([true, false, false]);
  // The types allow it: a readonly property may be read through a type without readonly.
  const writable: { max: number } = await load(1);
  expect(() => (writable.max = 99)).toThrow(TypeError);
  own.days.push('tue');
  own.max = 2;
  expect(await load(1)).toEqual({ max: 1, days: ['mon'] });
  expect(await load(1)).toBe(await load(1));
});
