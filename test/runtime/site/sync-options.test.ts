// Options that need a background run, on synchronous functions that the compiler has not checked.
import { beforeEach, describe, expect, it } from 'vitest';
import { cached, configure } from '../../../runtime/index.ts';
import { manualClock, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';

beforeEach(resetCacheKit);

/** A synchronous function that counts its runs; ttl 1 min. */
function counting(options: { readonly swr?: '1h'; readonly lock?: boolean } = {}) {
  const clock = manualClock();
  configure({ backend: 'none', clock });
  let runs = 0;
  const count = cached((_id: number) => ++runs, { ttl: '1m', jitter: 0, ...options });
  return { clock, count };
}

describe('swr of a synchronous function', () => {
  it('serves no value past its ttl, as no refresh would ever replace it', async () => {
    const { clock, count } = counting({ swr: '1h' });
    expect([count(1), count(1)]).toEqual([1, 1]);
    await clock.advance(61_000);
    expect([count(1), count(1)]).toEqual([2, 2]);
  });

  it('neither where its handle was used before the first call', async () => {
    const { clock, count } = counting({ swr: '1h' });
    await count.cache.invalidateAll();
    expect(count(1)).toBe(1);
    await clock.advance(61_000);
    expect(count(1)).toBe(2);
  });

  it('nor after another configure()', async () => {
    const { count } = counting({ swr: '1h' });
    count(1);
    const clock = manualClock();
    configure({ backend: 'none', clock });
    expect(count(1)).toBe(2);
    await clock.advance(61_000);
    expect(count(1)).toBe(3);
  });

  it('is said to have no effect, once', () => {
    const notices = recordEvents('cachekit:notice');
    const { count } = counting({ swr: '1h', lock: true });
    count(1);
    count(2);
    notices.stop();
    const texts = notices.events.map(({ message }) => message).filter((text) => text.includes('no effect'));
    expect(texts).toEqual([expect.stringContaining('`swr`, `lock`')]);
  });

  it('is no reason for a notice where it was not asked for', () => {
    const notices = recordEvents('cachekit:notice');
    counting({ lock: false }).count(1);
    notices.stop();
    expect(notices.events.map(({ code }) => code)).not.toContain('CACHEKIT_SETTING');
  });
});

it('stale-if-error of a synchronous function answers in the place of its error, and then no longer', async () => {
  const clock = manualClock();
  configure({ backend: 'none', clock });
  let fails = false;
  const load = cached(
    (id: number) => {
      if (fails) throw new Error('down');
      return `value ${id}`;
    },
    { ttl: '1m', staleIfError: '1h', jitter: 0 },
  );
  expect(load(1)).toBe('value 1');
  fails = true;
  await clock.advance(10 * 60_000);
  expect(load(1)).toBe('value 1');
  expect(load.cache.stats()).toMatchObject({ stale: 1 });
  await clock.advance(60 * 60_000);
  expect(() => load(1)).toThrow('down');
});
