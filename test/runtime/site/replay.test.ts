// Who can write the backend keeps an authentic entry and puts it back after a newer one took its place.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryBackend as backendWithClock } from '../../../runtime/backend/memory-backend.ts';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import { cacheOf, configure, flush, type Backend } from '../../../runtime/index.ts';
import { manualClock, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, syncNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const never = new AbortController().signal;
const KINDS = {
  sealed: { profile: 'secure', settings: { l1: false } },
  signed: { settings: { l1: false, integrity: 'hmac' } },
} as const;

/** A backend without a log: nothing but the entries themselves says which is newer. */
function bare(inner: Backend): Backend {
  return {
    name: 'bare',
    get: (key, signal) => inner.get(key, signal),
    set: (key, value, ttlMs, signal) => inner.set(key, value, ttlMs, signal),
    delete: (key, signal) => inner.delete(key, signal),
    ...(inner.sync === undefined ? {} : { sync: inner.sync }),
  };
}

function world(kind: keyof typeof KINDS, wrap: (inner: Backend) => Backend = (inner) => inner) {
  const clock = manualClock();
  const backend = wrap(backendWithClock({ clock }));
  const encryption = { masterKey: keygen(), failClosed: true };
  /** Becomes another process: what this one had met is forgotten. */
  const restart = (): void => configure({ backend, encryption, clock });
  restart();
  let runs = 0;
  const load = oneNumber(async () => `run ${++runs}`, { value: textValue, ...KINDS[kind] });
  const stored = async (): Promise<Uint8Array> => {
    const bytes = await backend.get(cacheOf(load).key(1), never);
    if (bytes === undefined) throw new Error('there is no entry');
    return bytes;
  };
  const putBack = (bytes: Uint8Array): Promise<void> =>
    backend.set(cacheOf(load).key(1), bytes, 3_600_000, never);
  /** A run, now, and the entry that it leaves. */
  const fill = async (): Promise<Uint8Array> => {
    await cacheOf(load).refresh(1);
    await flush();
    return stored();
  };
  return { clock, backend, load, restart, putBack, fill, stored, runs: () => runs };
}

const kinds = ['sealed', 'signed'] as const;
const backends = [
  ['with a log', (inner: Backend) => inner],
  ['without a log', bare],
] as const;
const cells = kinds.flatMap((kind) => backends.map(([name, wrap]) => ({ kind, name, wrap })));

describe.each(cells)('a $kind entry that is put back ($name)', ({ kind, wrap }) => {
  it('after this process stored a newer one: a miss, counted, and replaced', async () => {
    const { clock, load, putBack, fill } = world(kind, wrap);
    const old = await fill();
    await clock.advance(1000);
    await fill();
    await putBack(old);
    const discards = recordEvents('cachekit:discard');
    const audit = recordEvents('cachekit:audit');
    expect(await load(1)).toBe('run 3');
    await flush();
    expect(await load(1)).toBe('run 3');
    discards.stop();
    audit.stop();
    expect(discards.events.map(({ reason }) => reason)).toEqual(['replayed']);
    const rejections = audit.events.filter(({ action }) => action === 'reject');
    expect(rejections).toHaveLength(kind === 'sealed' ? 1 : 0); // the audit is of secure functions
    expect(cacheOf(load).stats()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('after this process read a newer one of another: a miss', async () => {
    const { clock, load, restart, putBack, fill } = world(kind, wrap);
    const old = await fill();
    await clock.advance(1000);
    await fill();
    restart();
    expect(await load(1)).toBe('run 2');
    await putBack(old);
    expect(await load(1)).toBe('run 3');
  });

  it('again and again: a miss each time', async () => {
    const { clock, load, putBack, fill } = world(kind, wrap);
    const old = await fill();
    for (let round = 2; round < 6; round++) {
      await clock.advance(1000);
      await putBack(old);
      expect(await load(1)).toBe(round === 2 ? 'run 1' : `run ${2 * round - 3}`);
      await fill();
    }
  });

  it('after an invalidation: a miss', async () => {
    const { clock, load, putBack, fill } = world(kind, wrap);
    const old = await fill();
    await clock.advance(1000);
    await cacheOf(load).invalidate(1);
    await putBack(old);
    expect(await load(1)).toBe('run 2');
  });

  it('after its time: a miss', async () => {
    const { clock, load, putBack, fill, restart } = world(kind, wrap);
    const old = await fill();
    await clock.advance(3 * 3_600_000);
    restart();
    await putBack(old);
    expect(await load(1)).toBe('run 2');
  });

  it('is not asked about where no newer one was met: there its own expiry is the bound', async () => {
    const { clock, load, putBack, fill, restart } = world(kind, wrap);
    const old = await fill();
    await clock.advance(1000);
    await fill();
    restart();
    await putBack(old);
    expect(await load(1)).toBe('run 1');
  });
});

describe('what is older without an attack', () => {
  it('an entry of a process with a slower clock costs one run, no rejection, and is then met as newest', async () => {
    const { clock, load, restart, putBack, fill } = world('sealed', bare);
    clock.jump(-600_000);
    await clock.advance(1000);
    const ofSlower = await fill();
    clock.jump(600_000);
    restart();
    await fill();
    await putBack(ofSlower); // the slower process has replaced it
    expect(await load(1)).toBe('run 3');
    await flush();
    expect(await load(1)).toBe('run 3');
  });

  it('a clock that was set back costs one run per key', async () => {
    const { clock, load, fill } = world('sealed', bare);
    await fill();
    clock.jump(-600_000);
    await fill();
    expect(await load(1)).toBe('run 2');
    expect(await load(1)).toBe('run 2');
  });

  it('newer entries of other processes are hits', async () => {
    const { clock, load, restart, putBack, fill, runs } = world('sealed');
    const first = await fill();
    await clock.advance(1000);
    const second = await fill();
    restart();
    await putBack(first);
    expect(await load(1)).toBe('run 1');
    await putBack(second);
    expect(await load(1)).toBe('run 2');
    expect(runs()).toBe(2);
  });
});

describe('a synchronous function', () => {
  it.each(backends)('refuses what was put back (%s)', async (_name, wrap) => {
    const clock = manualClock();
    const backend = wrap(backendWithClock({ clock }));
    configure({ backend, encryption: { masterKey: keygen() }, clock });
    let runs = 0;
    const calc = syncNumber(() => `run ${++runs}`, { value: textValue, ...KINDS.sealed });
    calc(0); // opens the tier
    await flush();
    expect(backend.sync).toBeDefined();
    const key = cacheOf(calc).key(1);
    const first = calc(1);
    await flush();
    const old = await backend.get(key, never);
    await clock.advance(1000);
    await backend.delete(key, never);
    const newest = calc(1);
    await flush();
    expect([newest, calc(1)]).toEqual(['run 3', 'run 3']);
    await backend.set(key, old ?? new Uint8Array(), 60_000, never);
    expect(first).toBe('run 2');
    expect(calc(1)).toBe('run 4');
  });
});
