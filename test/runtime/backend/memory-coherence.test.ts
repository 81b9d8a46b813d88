// Leases, locks and the log of the memory backend on a clock moved by hand.
import { expect, test } from 'vitest';
import type { Backend } from '../../../runtime/backend/backend.ts';
import type { BeginAnswer, FenceCapability } from '../../../runtime/backend/fence-capability.ts';
import type { AppendRequest, LogCapability, LogRecord } from '../../../runtime/backend/log-capability.ts';
import { memoryBackend } from '../../../runtime/backend/memory-backend.ts';
import { ShortLivedMap } from '../../../runtime/backend/short-lived-map.ts';
import { manualClock } from '../../../runtime/testing/manual-clock.ts';

const signal = new AbortController().signal;
const VALUE = Uint8Array.of(1);
const START_MS = Date.UTC(2026, 0, 1);

function opened() {
  const clock = manualClock(START_MS);
  const backend: Backend = memoryBackend({ clock });
  const fence = backend.fence as FenceCapability; // this backend has both
  const log = backend.log as LogCapability;
  const begin = (token: string): Promise<BeginAnswer> => {
    const request = { key: 'k', nonce: 'lease', leaseMs: 120_000, lockMs: 3000, rejected: undefined };
    return fence.begin({ ...request, token }, signal);
  };
  const fill = (value = VALUE): Promise<boolean> =>
    fence.fill({ key: 'k', lease: 'lease', value, ttlMs: 1000, token: '', born: 0, ageMs: 0 }, signal);
  const append = (subject: string, extra: Partial<AppendRequest> = {}) => {
    const place = { prefix: 'ck1', inc: 0, head: 0, spareInc: 7, recordId: 'r' };
    return log.appendGroup({ ...place, subject, redone: false, registryMax: 1000, ...extra }, signal);
  };
  return { clock, backend, fence, log, begin, fill, append };
}

test('a lease lives exactly as long as it was given, and each beginning renews it', async () => {
  const { clock, begin, fill } = opened();
  await begin('');
  await clock.advance(119_999);
  await begin('');
  await clock.advance(119_999);
  expect(await fill()).toBe(true);
  await clock.advance(1000);
  await begin('');
  await clock.advance(120_000);
  expect(await fill()).toBe(false);
});

test('a lock lives exactly as long as it was given or renewed', async () => {
  const { clock, fence, begin } = opened();
  await begin('a');
  await clock.advance(2999);
  expect(await fence.renew('k', 'a', 3000, signal)).toBe(true);
  await clock.advance(2999);
  expect((await begin('b')).kind).toBe('locked');
  await clock.advance(1);
  expect(await fence.renew('k', 'a', 3000, signal)).toBe(false);
  expect((await begin('b')).kind).toBe('run');
});

test('a value that cannot be stored frees the lock all the same', async () => {
  const { fence, begin } = opened();
  await begin('a');
  const request = { key: 'k', lease: 'lease', value: VALUE, token: 'a', born: 0, ageMs: 0 };
  await expect(fence.fill({ ...request, ttlMs: 0 }, signal)).rejects.toMatchObject({ kind: 'permanent' });
  expect((await begin('b')).kind).toBe('run');
});

test('positions are the microseconds of the wall clock, and rise also when it is set back', async () => {
  const { clock, append } = opened();
  expect((await append('t:a')).position).toBe(START_MS * 1000);
  expect((await append('t:a')).position).toBe(START_MS * 1000 + 1);
  clock.jump(-3_600_000);
  expect((await append('t:a')).position).toBe(START_MS * 1000 + 2);
  clock.jump(3_600_000 + 5);
  expect((await append('t:a')).position).toBe((START_MS + 5) * 1000);
});

test('sync tells of the last 60 s before the caller left, and of everything since', async () => {
  const { clock, log, append } = opened();
  await append('t:old');
  await clock.advance(30_000);
  const seen = await append('t:seen');
  await clock.advance(30_001);
  await append('t:new');
  const place = { prefix: 'ck1', spareInc: 8, recordId: 'r' };
  const subjects = async (inc: number, head: number): Promise<string[]> =>
    (await log.sync({ ...place, inc, head }, signal)).tail.map((record) => record.subject);
  expect(await subjects(7, seen.position)).toEqual(['t:old', 't:seen', 't:new']);
  expect(await subjects(0, 0)).toEqual(['t:seen', 't:new']);
});

test('who follows waits on the clock, and wakes within the turn of the record', async () => {
  const { clock, log, append } = opened();
  const { position: head, inc } = await append('t:a');
  const place = { prefix: 'ck1', inc, head };
  let answered = false;
  const vain = log.follow(place, 1000, signal).finally(() => (answered = true));
  await clock.advance(999);
  expect(answered).toBe(false);
  await clock.advance(1);
  expect(await vain).toEqual({ records: [], registry: { inc, head } });
  const waiting = log.follow(place, 1000, signal);
  await append('t:b');
  expect((await waiting).records.map((record) => record.subject)).toEqual(['t:b']);
});

test('who follows a registry that is replaced hears of it at once', async () => {
  const { log, append } = opened();
  const { position: head, inc } = await append('t:a');
  const waiting = log.follow({ prefix: 'ck1', inc, head }, 60_000, signal);
  await log.sync({ prefix: 'ck1', inc: 8, head: 0, spareInc: 9, recordId: 'r' }, signal);
  expect((await waiting).registry?.inc).toBe(9);
});

test('closing forgets leases, locks and registries, and lets followers go', async () => {
  const { backend, log, begin, fill, append } = opened();
  await begin('a');
  await append('t:a');
  const waiting = log.follow({ prefix: 'ck1', inc: 7, head: 9e15 }, 60_000, signal);
  await backend.close?.();
  await expect(waiting).rejects.toMatchObject({ kind: 'transient' });
  expect(await fill()).toBe(false);
  expect((await begin('b')).kind).toBe('run');
  expect(await log.positions({ prefix: 'ck1', inc: 7, head: 0 }, ['t:a'], signal)).toEqual({
    floor: 0,
    positions: [0],
  });
});

test('the log keeps a bounded number of records and stays a chain', async () => {
  const { log, append } = opened();
  let last = 0;
  for (let i = 0; i < 40_000; i++) last = (await append(`t:${i % 10}`)).position;
  const records: LogRecord[] = [];
  for (let head = 0; head < last; head = records.at(-1)?.position ?? last)
    records.push(...(await log.follow({ prefix: 'ck1', inc: 7, head }, 1, signal)).records);
  const count = records.length;
  const breaks = records.filter((record, at) => at > 0 && record.previous !== records[at - 1]?.position);
  expect(breaks).toEqual([]);
  expect(count).toBeGreaterThanOrEqual(16_384);
  expect(count).toBeLessThanOrEqual(32_768);
});

test('short-lived texts are forgotten without being asked for, and never more than allowed are kept', async () => {
  const clock = manualClock();
  const map = new ShortLivedMap(clock, 3);
  for (const key of ['a', 'b', 'c', 'd']) map.set(key, key, 1000);
  expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([undefined, 'b', 'c', 'd']);
  map.set('b', 'again', 1000);
  map.set('e', 'e', 1000);
  expect(['b', 'c', 'e'].map((key) => map.get(key))).toEqual(['again', undefined, 'e']);
  await clock.advance(1000);
  expect(['b', 'd', 'e'].map((key) => map.get(key))).toEqual([undefined, undefined, undefined]);
});
