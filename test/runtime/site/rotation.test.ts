// Rotation of master keys: the new key is added as a previous one everywhere, then writes, then the old one goes.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import { cacheOf, configure, flush, invalidateTags, type Backend } from '../../../runtime/index.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, syncNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const [oldKey, newKey] = [keygen(), keygen()];
const STEPS = {
  before: { masterKey: oldKey },
  announced: { masterKey: oldKey, previousMasterKeys: [newKey] },
  promoted: { masterKey: newKey, previousMasterKeys: [oldKey] },
  after: { masterKey: newKey },
} as const;

/** Becomes a process at that step. */
const be = (step: keyof typeof STEPS): void => configure({ encryption: STEPS[step] });

function texts(backend: Backend, changes: object = {}) {
  configure({ backend, encryption: STEPS.before });
  let runs = 0;
  const load = oneNumber(async () => `run ${++runs}`, { profile: 'secure', value: textValue, ...changes });
  return { load, runs: () => runs };
}

function bare(inner = memoryBackend()): Backend {
  return {
    name: 'bare',
    get: (key, signal) => inner.get(key, signal),
    set: (key, value, ttlMs, signal) => inner.set(key, value, ttlMs, signal),
    delete: (key, signal) => inner.delete(key, signal),
    ...(inner.sync === undefined ? {} : { sync: inner.sync }),
  };
}

describe('a rotation', () => {
  it.each(['before', 'announced', 'promoted'] as const)(
    'costs no valid entry that was stored %s',
    async (writer) => {
      for (const backend of [memoryBackend(), bare()]) {
        const { load, runs } = texts(backend);
        const start = runs();
        be(writer);
        await load(1);
        await flush();
        const readers = {
          before: ['before', 'announced', 'promoted'],
          announced: ['before', 'announced', 'promoted'],
          promoted: ['announced', 'promoted', 'after'],
        } as const;
        for (const reader of readers[writer]) {
          be(reader);
          await load(1);
        }
        expect(runs()).toBe(start + 1);
      }
    },
  );

  it('reads nothing of a key that is gone, without an error', async () => {
    const { load, runs } = texts(memoryBackend());
    await load(1);
    await flush();
    be('after');
    await load(1);
    expect(runs()).toBe(2);
  });

  it.each([
    ['announced', 'promoted'],
    ['promoted', 'announced'],
    ['announced', 'announced'],
    ['promoted', 'promoted'],
  ] as const)(
    'an entry stored by one that has %s is invalidated by one that has %s',
    async (writer, other) => {
      for (const reader of ['announced', 'promoted'] as const) {
        const { load, runs } = texts(memoryBackend(), { rules: { tags: () => ['t'] } });
        const invalidations = [
          () => cacheOf(load).invalidate(1),
          () => cacheOf(load).invalidateAll(),
          () => invalidateTags('t'),
        ];
        for (const invalidate of invalidations) {
          be(writer);
          await load(1);
          await flush();
          const before = runs();
          be(other);
          await invalidate();
          be(reader);
          await load(1);
          expect(runs()).toBe(before + 1);
          await flush();
        }
      }
    },
  );

  it('counts what a previous key is still needed for', async () => {
    const { load } = texts(memoryBackend());
    await load(1);
    await flush();
    be('promoted');
    await load(1);
    await load(2);
    await flush();
    be('promoted');
    await load(2);
    expect(load.site.core.counters.previousKeyReads).toBe(1);
  });

  it('holds for synchronous functions', async () => {
    const backend = memoryBackend();
    configure({ backend, encryption: STEPS.before });
    let runs = 0;
    const calc = syncNumber(() => `run ${++runs}`, { profile: 'secure', value: textValue });
    calc(0);
    await flush();
    const first = calc(1);
    await flush();
    be('promoted');
    calc(9); // opens the tier
    await flush();
    expect(calc(1)).toBe(backend.sync === undefined ? calc(1) : first);
  });

  it('says which key each entry was read under', async () => {
    const { load } = texts(memoryBackend());
    const audit = recordEvents('cachekit:audit');
    await load(1);
    await flush();
    be('promoted');
    await load(1);
    await load(1);
    audit.stop();
    const [write, read, again] = audit.events;
    expect(audit.events.map(({ action }) => action)).toEqual(['write', 'read', 'read']);
    expect(read?.keyId).toBe(write?.keyId);
    expect(again?.keyId).toMatch(/^[0-9a-f]{16}$/);
  });
});
