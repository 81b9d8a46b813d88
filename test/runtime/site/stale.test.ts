import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DescriptorSettings } from '../../../runtime/contract/settings.ts';
import { cacheOf, configure, flush, type CacheKitConfig } from '../../../runtime/index.ts';
import { manualClock, memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { gate, oneNumber, syncNumber, textValue, type User } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const MINUTE = 60_000;

type Settings = DescriptorSettings;

/** A function that counts, and fails or waits when told to; ttl 1 min, no jitter. */
function counting(settings: Settings, config: CacheKitConfig = { backend: 'none' }) {
  const clock = manualClock();
  configure({ ...config, clock });
  const state: { runs: number; fails: boolean; until: Promise<unknown> | undefined } = {
    runs: 0,
    fails: false,
    until: undefined,
  };
  const load = oneNumber<Promise<User>>(
    async (id) => {
      const run = ++state.runs;
      await state.until;
      if (state.fails) throw new Error(`failure ${run}`);
      return { id, tags: [`run ${run}`] };
    },
    { settings: { ttlMs: MINUTE, jitter: 0, ...settings } },
  );
  const value = async (id = 1): Promise<string | undefined> => (await load(id)).tags[0];
  return { clock, state, load, value };
}

const tiers: readonly (readonly [name: string, config: () => CacheKitConfig])[] = [
  ['in memory', () => ({ backend: 'none' })],
  ['with a backend', () => ({ backend: memoryBackend() })],
];

describe.each(tiers)('swr %s', (_name, config) => {
  it('serves the old value and replaces it once, however many ask', async () => {
    const { clock, state, value, load } = counting({ swrMs: MINUTE }, config());
    await value();
    await clock.advance(MINUTE + 16);
    expect(await Promise.all([value(), value(), value()])).toEqual(['run 1', 'run 1', 'run 1']);
    await flush();
    expect(state.runs).toBe(2);
    expect(await value()).toBe('run 2');
    expect(cacheOf(load).stats()).toMatchObject({ stale: 3, misses: 1, hits: 1, calls: 5 });
  });

  it('ends with its window', async () => {
    const { clock, value } = counting({ swrMs: MINUTE }, config());
    await value();
    await clock.advance(2 * MINUTE + 32);
    expect(await value()).toBe('run 2');
  });

  it('keeps the old value when the refresh fails, and waits before it tries again', async () => {
    const { clock, state, value } = counting({ swrMs: 5 * MINUTE }, config());
    await value();
    await clock.advance(MINUTE + 16);
    state.fails = true;
    for (let call = 0; call < 5; call++) expect(await value()).toBe('run 1');
    await flush();
    for (let call = 0; call < 5; call++) expect(await value()).toBe('run 1');
    await flush();
    expect(state.runs).toBe(2);
    await clock.advance(2000);
    await value();
    await flush();
    expect(state.runs).toBe(3);
  });
});

describe.each(tiers)('staleIfError %s', (_name, config) => {
  it('answers a failure with the old value, and says so', async () => {
    const { clock, state, value, load } = counting({ staleIfErrorMs: MINUTE }, config());
    const calls = recordEvents('cachekit:call');
    await value();
    await flush();
    await clock.advance(MINUTE + 16);
    state.fails = true;
    expect(await Promise.all([value(), value()])).toEqual(['run 1', 'run 1']);
    expect(calls.events.slice(-2)).toMatchObject([
      { status: 'stale', reason: 'error' },
      { status: 'stale', reason: 'error' },
    ]);
    calls.stop();
    expect(state.runs).toBe(2);
    expect(cacheOf(load).stats()).toMatchObject({ stale: 2, misses: 1 });
  });

  it('is no reason not to run: the new value wins', async () => {
    const { clock, value } = counting({ staleIfErrorMs: MINUTE }, config());
    await value();
    await flush();
    await clock.advance(MINUTE + 16);
    expect(await value()).toBe('run 2');
  });

  it('is not there after its window, nor after an invalidation', async () => {
    const { clock, state, value, load } = counting({ staleIfErrorMs: MINUTE }, config());
    await value();
    await flush();
    state.fails = true;
    await clock.advance(2 * MINUTE + 32);
    await expect(value()).rejects.toThrow('failure 2');
    state.fails = false;
    await value();
    await flush();
    await cacheOf(load).invalidate(1);
    state.fails = true;
    await expect(value()).rejects.toThrow('failure 4');
  });

  it('is not served when the call is invalidated while its function runs', async () => {
    const { clock, state, value, load } = counting({ staleIfErrorMs: MINUTE }, config());
    await value();
    await flush();
    await clock.advance(MINUTE + 16);
    state.fails = true;
    const opened = gate();
    state.until = opened.promise;
    const running = value();
    await clock.advance(1);
    await cacheOf(load).invalidate(1);
    opened.open();
    await expect(running).rejects.toThrow('failure 2');
  });

  it('lasts as long as ttl in production, unless the marker says otherwise', async () => {
    configure(config());
    const clock = manualClock();
    configure({ clock });
    let fails = false;
    const body = async (id: number): Promise<User> => {
      if (fails) throw new Error('down');
      return { id, tags: [] };
    };
    const made = oneNumber(body, { profile: 'production', settings: { ttlMs: MINUTE, jitter: 0 } });
    const short = oneNumber(body, {
      profile: 'production',
      settings: { ttlMs: MINUTE, jitter: 0, staleIfErrorMs: 1000 },
    });
    await Promise.all([made(1), short(1)]);
    await flush();
    fails = true;
    await clock.advance(2 * MINUTE - 100);
    await expect(made(1)).resolves.toEqual({ id: 1, tags: [] });
    await expect(short(1)).rejects.toThrow('down');
  });
});

describe('softTimeout', () => {
  it('gives the old value when the function is slow; the run goes on', async () => {
    const { clock, state, value } = counting({ staleIfErrorMs: 10 * MINUTE, softTimeoutMs: 100 });
    await value();
    await clock.advance(MINUTE + 16);
    const opened = gate();
    state.until = opened.promise;
    const answers = Promise.all([value(), value()]);
    await clock.advance(100);
    expect(await answers).toEqual(['run 1', 'run 1']);
    opened.open();
    await clock.advance(1);
    expect(await value()).toBe('run 2');
    expect(state.runs).toBe(2);
  });

  it('does not turn the late failure of a run nobody waits for into an unhandled rejection', async () => {
    const { clock, state, value } = counting({ staleIfErrorMs: 10 * MINUTE, softTimeoutMs: 100 });
    await value();
    await clock.advance(MINUTE + 16);
    const opened = gate();
    state.until = opened.promise;
    state.fails = true;
    const answer = value();
    await clock.advance(100);
    expect(await answer).toBe('run 1');
    opened.open();
    await clock.advance(1); // vitest fails a file on an unhandled rejection
  });

  it('never makes an error: without an old value the caller waits', async () => {
    const { clock, state, value } = counting({ staleIfErrorMs: MINUTE, softTimeoutMs: 100 });
    const opened = gate();
    state.until = opened.promise;
    const answer = value();
    await clock.advance(10_000);
    opened.open();
    expect(await answer).toBe('run 1');
  });
});

describe.each(tiers)('refreshAhead %s', (_name, config) => {
  it('runs once in the background past its share of ttl', async () => {
    const { clock, state, value } = counting({ refreshAhead: 0.8 }, config());
    await value();
    await clock.advance(0.79 * MINUTE);
    await value();
    await flush();
    expect(state.runs).toBe(1);
    await clock.advance(0.02 * MINUTE);
    expect(await Promise.all([value(), value()])).toEqual(['run 1', 'run 1']);
    await flush();
    expect(state.runs).toBe(2);
    expect(await value()).toBe('run 2');
    await clock.advance(0.5 * MINUTE);
    expect(await value()).toBe('run 2');
  });

  it('is on in the default profile, but not in test runs', () => {
    const { load } = counting({});
    void load(1);
    expect(load.site.core.settings?.refreshAhead01).toBe(0);
  });
});

describe.each(tiers)('refreshTtlOnGet %s', (_name, config) => {
  it('starts ttl again with a hit in its last part', async () => {
    const { clock, state, value, load } = counting({ refreshTtlOnGet: true }, config());
    await value();
    await flush();
    for (let step = 0; step < 6; step++) {
      await clock.advance(0.6 * MINUTE);
      expect(await value()).toBe('run 1');
      await flush();
    }
    // Also what other processes see.
    const isShared = config().backend !== 'none';
    if (isShared) load.site.core.dropEntries();
    expect(await value()).toBe('run 1');
    expect(state.runs).toBe(1);
    await clock.advance(1.1 * MINUTE);
    expect(await value()).toBe('run 2');
  });

  it('does nothing before', async () => {
    const { clock, value } = counting({ refreshTtlOnGet: 0.5 }, config());
    await value();
    await flush();
    await clock.advance(0.4 * MINUTE);
    await value();
    await flush();
    await clock.advance(0.7 * MINUTE);
    expect(await value()).toBe('run 2');
  });
});

describe('cacheNull', () => {
  const nothing = (settings: Settings) => {
    const clock = manualClock();
    configure({ backend: 'none', clock });
    let runs = 0;
    const find = oneNumber<Promise<string | null>>(async () => (runs++, null), {
      settings: { ttlMs: MINUTE, jitter: 0, ...settings },
      value: (kit) => ({ ...textValue(kit), accepts: (value) => value === null }),
    });
    return { clock, find, runs: () => runs };
  };

  it('stores null like any value unless it is told not to', async () => {
    const stored = nothing({});
    await stored.find(1);
    await stored.find(1);
    expect(stored.runs()).toBe(1);
    const not = nothing({ cacheNull: false });
    await not.find(1);
    await not.find(1);
    expect(not.runs()).toBe(2);
  });

  it('gives null a ttl of its own', async () => {
    const { clock, find, runs } = nothing({ cacheNull: 1000 });
    await find(1);
    await clock.advance(900);
    await find(1);
    expect(runs()).toBe(1);
    await clock.advance(200);
    await find(1);
    expect(runs()).toBe(2);
  });
});

describe('share', () => {
  it('gives everybody one frozen value, also the first', async () => {
    const { load } = counting({ share: true });
    const [first, second] = [await load(1), await load(1)];
    expect(second).toBe(first);
    expect(Object.isFrozen(first) && Object.isFrozen(first.tags)).toBe(true);
  });
});

describe('l1', () => {
  it('off: every call asks the backend', async () => {
    const { load, value } = counting({ l1: false }, { backend: memoryBackend() });
    await value();
    await flush();
    await value();
    await value();
    expect(cacheOf(load).stats()).toMatchObject({ l1Hits: 0, l2Hits: 2, misses: 1, entries: 0 });
  });
});

describe('a synchronous function', () => {
  it('that fails gets the old value too', async () => {
    const clock = manualClock();
    configure({ backend: 'none', clock });
    let fails = false;
    const calc = syncNumber(
      (id) => {
        if (fails) throw new Error('down');
        return { id, tags: ['ok'] };
      },
      { settings: { ttlMs: MINUTE, jitter: 0, staleIfErrorMs: MINUTE } },
    );
    calc(1);
    fails = true;
    await clock.advance(MINUTE + 16);
    expect(calc(1)).toEqual({ id: 1, tags: ['ok'] });
    await clock.advance(MINUTE + 16);
    expect(() => calc(1)).toThrow('down');
  });
});
