// The reference backend: the contract, and what a clock moved by hand can show.
import { describe, expect, test } from 'vitest';
import { memoryBackend } from '../../../runtime/backend/memory-backend.ts';
import { backendContract } from '../../../runtime/testing/backend-contract.ts';
import { stepClock } from '../../helpers/step-clock.ts';

const signal = new AbortController().signal;

describe('the backend contract holds for the memory backend', () => {
  test.each(backendContract(async () => memoryBackend()))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

test('an entry lives exactly as long as its ttl', async () => {
  const clock = stepClock();
  const backend = memoryBackend({ clock });
  await backend.set('k', Uint8Array.of(1), 1000, signal);
  await clock.advance(999);
  expect(await backend.get('k', signal)).toEqual(Uint8Array.of(1));
  await clock.advance(1);
  expect(await backend.get('k', signal)).toBeUndefined();
});

test('the oldest written entries leave when there are too many', async () => {
  const backend = memoryBackend({ maxEntries: 2 });
  for (const key of ['a', 'b', 'a', 'c']) await backend.set(key, Uint8Array.of(1), 1000, signal);
  expect(await backend.get('b', signal)).toBeUndefined();
  expect(await backend.get('a', signal)).toBeDefined();
  expect(await backend.get('c', signal)).toBeDefined();
});

test('entries leave until the bytes fit, and a value that never fits is refused', async () => {
  const backend = memoryBackend({ maxSizeBytes: 1000 });
  await backend.set('a', new Uint8Array(600), 1000, signal);
  await backend.set('b', new Uint8Array(600), 1000, signal);
  expect(await backend.get('a', signal)).toBeUndefined();
  expect((await backend.get('b', signal))?.length).toBe(600);
  await expect(backend.set('c', new Uint8Array(1001), 1000, signal)).rejects.toMatchObject({
    kind: 'permanent',
  });
});

test.each([0, -1, Number.NaN, Infinity])('a ttl of %s is refused', async (ttlMs) => {
  await expect(memoryBackend().set('k', Uint8Array.of(1), ttlMs, signal)).rejects.toMatchObject({
    kind: 'permanent',
  });
});
