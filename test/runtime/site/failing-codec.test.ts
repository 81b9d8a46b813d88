// A codec of the user's that fails while an older value stands in for a result: there is no older value then.
import { beforeEach, expect, it } from 'vitest';
import type { ValueKit, ValueOps } from '../../../runtime/contract/value-kit.ts';
import { configure } from '../../../runtime/index.ts';
import { manualClock, resetCacheKit } from '../../../runtime/testing/index.ts';
import { gate, oneNumber, syncNumber, type User } from './hand-written.ts';

beforeEach(resetCacheKit);

let isBroken = false;
const value = (_kit: ValueKit): ValueOps => ({
  accepts: () => true,
  copy: (user: User) => {
    if (isBroken) throw new Error('the codec fails');
    return { ...user };
  },
  write: (to) => to.num(0),
  read: (from) => from.num(),
});
const settings = { ttlMs: 1000, staleIfErrorMs: 60_000, softTimeoutMs: 50, jitter: 0 };
const old: User = { id: 1, tags: ['old'] };

it('the error of the function is its own', async () => {
  const clock = manualClock();
  configure({ backend: 'none', clock });
  isBroken = false;
  let isFailing = false;
  const body = (): User => {
    if (isFailing) throw new Error('own');
    return old;
  };
  const load = oneNumber(async () => body(), { value, settings });
  const loadSync = syncNumber(body, { value, settings });
  await load(1);
  loadSync(1);
  await clock.advance(2000);
  isFailing = true;
  expect([await load(1), loadSync(1)]).toEqual([old, old]);
  isBroken = true;
  await expect(load(1)).rejects.toThrow('own');
  expect(() => loadSync(1)).toThrow('own');
});

it('a soft timeout goes on waiting', async () => {
  const clock = manualClock();
  configure({ backend: 'none', clock });
  isBroken = false;
  const later = gate<User>();
  let runs = 0;
  const load = oneNumber(async () => (++runs === 1 ? old : later.promise), { value, settings });
  await load(1);
  await clock.advance(2000);
  isBroken = true;
  const call = load(1);
  await clock.advance(100); // what it throws here would end the process
  later.open({ id: 1, tags: ['new'] });
  expect(await call).toEqual({ id: 1, tags: ['new'] });
});
