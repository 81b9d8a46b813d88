// Puts the guard around the leases and locks of a backend.
import type { FenceCapability } from '../backend/fence-capability.ts';
import type { GuardRunner } from './guard-runner.ts';
import type { GuardedFence } from './guarded-backend.ts';

/**
 * Operations on locks and leases get the whole read budget as deadline, not the adaptive timeout of reads: they may queue
 * behind other commands of the store. Their latency says nothing about reads, so it is not recorded. The latency of a
 * fill without a deadline of its own is recorded, like that of any write.
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
          name: 'set', // events and spans show it as the write that it is
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
