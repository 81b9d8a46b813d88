// Leases and locks behind the guard.
import type { FenceCapability } from '../backend/fence-capability.ts';
import type { GuardRunner } from './guard-runner.ts';
import type { GuardedFence } from './guarded-backend.ts';

/**
 * A lock waits at most the read budget, whatever reads needed lately: it waits for other commands, not for whoever holds
 * it. How long these operations take says nothing about reads, so none of them is timed; a fill that nobody gave a
 * deadline is, like any write.
 */
export function guardFence(runner: GuardRunner, fence: FenceCapability): GuardedFence {
  const { timeout } = runner;
  const lock = { name: 'lock', role: 'lock', isTimed: false } as const;
  return {
    begin: (request, deadlineMs) =>
      runner.perform(
        {
          ...lock,
          key: request.key,
          run: ({ signal }) => fence.begin(request, signal),
          bytesOf: (answer) => (answer.kind === 'filled' ? answer.value.byteLength : undefined),
        },
        deadlineMs ?? timeout.budgetMs(),
      ),
    renew: (key, token, lockMs) =>
      runner.perform(
        { ...lock, key, run: ({ signal }) => fence.renew(key, token, lockMs, signal) },
        timeout.budgetMs(),
      ),
    release: (key, token) =>
      runner.perform(
        { ...lock, key, run: ({ signal }) => fence.release(key, token, signal) },
        timeout.budgetMs(),
      ),
    fill: (request, deadlineMs) =>
      runner.perform(
        {
          name: 'set', // that it needs a lease is no news to who watches writes
          role: 'write',
          key: request.key,
          run: ({ signal }) => fence.fill(request, signal),
          bytesOf: () => request.value.byteLength,
          isTimed: deadlineMs === undefined,
        },
        deadlineMs ?? timeout.writeMs(),
      ),
    replace: (request) =>
      runner.perform(
        {
          name: 'fence',
          role: 'write',
          key: request.key,
          run: ({ signal }) => fence.replace(request, signal),
          bytesOf: () => request.value.byteLength,
          isTimed: false,
        },
        timeout.writeMs(),
      ),
  };
}
