// After an outage nothing is stored before the registry was asked again: that must not take longer than it has to.
import { expect, test } from 'vitest';
import { BackendError } from '../../../runtime/backend/backend-error.ts';
import type { Backend } from '../../../runtime/backend/backend.ts';
import type { LogCapability } from '../../../runtime/backend/log-capability.ts';
import { memoryBackend } from '../../../runtime/backend/memory-backend.ts';
import { createCoherence } from '../../../runtime/coherence/coherence.ts';
import { SYNC_SPACING_MS } from '../../../runtime/coherence/constants.ts';
import { guardBackend } from '../../../runtime/reliability/guard-backend.ts';
import type { GuardedLog } from '../../../runtime/reliability/guarded-backend.ts';
import { settle, stepClock } from '../../helpers/step-clock.ts';

const nothing = (): undefined => undefined;
const SILENT = { keyGone: nothing, groupGone: nothing, everythingUnverified: nothing, reset: nothing };

/** A store elsewhere, away until it is told to come back, behind the guard. */
function awayStore() {
  const clock = stepClock();
  const store = memoryBackend({ clock });
  const log = store.log as LogCapability; // it has one
  let isAway = true;
  const reach = async <T>(run: () => Promise<T>): Promise<T> => {
    if (isAway) throw new BackendError('transient', 'away');
    return run();
  };
  const backend: Backend = {
    name: 'away',
    get: (key, signal) => reach(() => store.get(key, signal)),
    set: (key, value, ttlMs, signal) => reach(() => store.set(key, value, ttlMs, signal)),
    delete: (key, signal) => reach(() => store.delete(key, signal)),
    log: {
      sync: (request, signal) => reach(() => log.sync(request, signal)),
      appendGroup: (request, signal) => reach(() => log.appendGroup(request, signal)),
      appendKey: (request, signal) => reach(() => log.appendKey(request, signal)),
      positions: (place, ids, signal) => reach(() => log.positions(place, ids, signal)),
      follow: (place, waitMs, signal) => reach(() => log.follow(place, waitMs, signal)),
    },
  };
  const guard = guardBackend(backend, { clock });
  return { clock, guard, comeBack: () => void (isAway = false) };
}

test('whoever follows the log hears once when reads are let through again', async () => {
  const { clock, guard, comeBack } = awayStore();
  const log = guard.log as GuardedLog; // the store has one
  let heard = 0;
  const leave = log.onUsable?.(() => heard++);
  for (let i = 0; i < 5; i++) await guard.get('k');
  expect(guard.state().breaker).toBe('OPEN');
  await clock.advance(5000);
  expect(heard).toBe(0);
  comeBack();
  await clock.advance(5000);
  expect(guard.state().breaker).toBe('CLOSED');
  expect(heard).toBe(1);
  leave?.();
});

test('the registry is asked as soon as the guard lets reads through, not when the next attempt is due', async () => {
  const { clock, guard, comeBack } = awayStore();
  const log = guard.log as GuardedLog; // the store has one
  const coherence = createCoherence({
    log,
    prefix: 'p',
    backend: 'away',
    clock,
    random: () => 1, // attempts are as far apart as they ever are
    listener: SILENT,
  });
  coherence.start();
  await clock.advance(10_000);
  expect(guard.state().breaker).toBe('OPEN');
  expect(coherence.ready()).toBe(false);
  comeBack();
  for (let waitedMs = 0; guard.state().breaker !== 'CLOSED' && waitedMs < 3000; waitedMs++) {
    await clock.advance(1);
    await settle();
  }
  expect(guard.state().breaker).toBe('CLOSED');
  await clock.advance(SYNC_SPACING_MS + 1);
  await settle();
  expect(coherence.ready()).toBe(true);
  void coherence.close();
  guard.release();
});
