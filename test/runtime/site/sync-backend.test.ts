// Synchronous functions over a store with a log: what it holds is replaced by what the function gives.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { embeddedBackend } from '../../../runtime/adapters/embedded/sqlite-backend.ts';
import { systemClock } from '../../../runtime/config/clock.ts';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import { cacheOf, close, configure, flush } from '../../../runtime/index.ts';
import { resetCacheKit } from '../../../runtime/testing/index.ts';
import { syncNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

let folder: string;

beforeAll(warmTier);
beforeEach(async () => {
  await resetCacheKit();
  folder = mkdtempSync(join(tmpdir(), 'cachekit-sync-'));
});
afterEach(async () => {
  await close();
  await resetCacheKit();
  rmSync(folder, { recursive: true, force: true });
});

/** A function whose result is in the store, and so is every later one that it may store. */
async function stored(changes: Parameters<typeof syncNumber>[1] = {}) {
  let runs = 0;
  const load = syncNumber(() => `run ${++runs}`, { value: textValue, ...changes });
  load(1);
  await flush();
  return load;
}

it('refresh() replaces the stored entry', async () => {
  configure({ backend: embeddedBackend({ path: folder }), l1: false });
  const load = await stored();
  expect(load(1)).toBe('run 1');
  expect(await cacheOf(load).refresh(1)).toBe('run 2');
  await flush();
  expect(await cacheOf(load).peek(1)).toMatchObject({ value: 'run 2', tier: 'backend' });
  expect(load(1)).toBe('run 2');
});

it('a result replaces a stored entry past its ttl', async () => {
  let aheadMs = 0;
  const clock = {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + aheadMs,
    monotonicMs: () => systemClock.monotonicMs() + aheadMs,
  };
  configure({ backend: embeddedBackend({ path: folder, clock }), l1: false, clock });
  const load = await stored({ settings: { ttlMs: 60_000, staleIfErrorMs: 600_000 } });
  expect(await cacheOf(load).peek(1)).toMatchObject({ value: 'run 1', tier: 'backend' });
  aheadMs = 70_000;
  expect(load(1)).toBe('run 2');
  await flush();
  expect(load(1)).toBe('run 2');
});

it('an encrypted result is stored although what the log says of it is known later', async () => {
  configure({
    backend: embeddedBackend({ path: folder }),
    l1: false,
    encryption: { masterKey: keygen() },
  });
  const load = await stored({ profile: 'secure' });
  expect(await cacheOf(load).peek(1)).toMatchObject({ value: 'run 1', tier: 'backend' });
});
