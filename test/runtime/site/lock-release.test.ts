// A lock ends with the work it was taken for, also when nothing can be stored: nobody waits for nobody.
import { beforeEach, expect, it } from 'vitest';
import { BackendError, cacheOf, configure, flush, type Backend } from '../../../runtime/index.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { watchStandstill } from '../../helpers/lateness.ts';
import { gate, oneNumber } from './hand-written.ts';

beforeEach(resetCacheKit);

/** A lock that nobody ends is gone after 3 s. */
const AT_ONCE_MS = 1000;

/** A backend that refuses to store, or stores when it is told to. */
function reluctant() {
  const inner = memoryBackend();
  const { fence } = inner;
  if (fence === undefined) throw new Error('The memory backend has one.');
  const how = { refuses: false, losesAnswers: false, until: Promise.resolve() as Promise<unknown> };
  const backend: Backend = {
    name: 'reluctant',
    get: (key, signal) => inner.get(key, signal),
    set: (key, value, ttlMs, signal) => inner.set(key, value, ttlMs, signal),
    delete: (key, signal) => inner.delete(key, signal),
    ...(inner.log === undefined ? {} : { log: inner.log }),
    fence: {
      async begin(request, signal) {
        const answer = await fence.begin(request, signal);
        if (how.losesAnswers) throw new BackendError('transient', 'lost');
        return answer;
      },
      renew: (key, token, lockMs, signal) => fence.renew(key, token, lockMs, signal),
      release: (key, token, signal) => fence.release(key, token, signal),
      replace: (request, signal) => fence.replace(request, signal),
      async fill(request, signal) {
        await how.until;
        if (how.refuses) throw new BackendError('transient', 'refused');
        return fence.fill(request, signal);
      },
    },
  };
  return { backend, how };
}

const load = (made: { runs: number }) =>
  oneNumber(async (id) => ({ id, tags: [`run ${++made.runs}`] }), { settings: { l1: false, lock: true } });

async function tookMs(call: () => Promise<unknown>): Promise<number> {
  const [beganMs, standstill] = [performance.now(), watchStandstill()];
  await call();
  return performance.now() - beganMs - standstill();
}

it('after a write that failed', async () => {
  const { backend, how } = reluctant();
  configure({ backend });
  const made = { runs: 0 };
  const call = load(made);
  await call(0);
  await flush();
  how.refuses = true;
  await call(1);
  await flush();
  expect(await tookMs(() => call(1))).toBeLessThan(AT_ONCE_MS);
  expect(made.runs).toBe(3);
});

it('after a write that an invalidation overtook', async () => {
  const { backend, how } = reluctant();
  configure({ backend });
  const made = { runs: 0 };
  const call = load(made);
  await call(0);
  await flush();
  const held = gate();
  how.until = held.promise;
  await call(1);
  // Waits behind the first write of its key, and never begins.
  await cacheOf(call)
    .set([1], { id: 1, tags: ['set'] })
    .catch(() => undefined);
  const told = cacheOf(call).invalidate(1);
  held.open();
  await told;
  await flush();
  expect(await tookMs(() => call(1))).toBeLessThan(AT_ONCE_MS);
});

it('after it was taken, but the answer got lost', async () => {
  const { backend, how } = reluctant();
  configure({ backend });
  const made = { runs: 0 };
  const call = load(made);
  await call(0);
  await flush();
  how.losesAnswers = true;
  await call(1);
  how.losesAnswers = false;
  expect(await tookMs(() => call(1))).toBeLessThan(AT_ONCE_MS);
  expect(made.runs).toBe(3);
});
