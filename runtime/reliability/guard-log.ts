// Puts the guard around the invalidation log of a backend.
import type { AppendAnswer, AppendRequest, LogCapability } from '../backend/log-capability.ts';
import type { GuardRunner } from './guard-runner.ts';
import type { GuardedLog, GuardResult } from './guarded-backend.ts';

/** More than a read gets: an answer may hold ten thousand groups, and a commit may wait for a disk. */
const LOG_DEADLINE_MS = 1000;

/** The log has no entry that a probe could read, and its latency says nothing about reads. */
const BUS = { name: 'bus', key: undefined, isTimed: false } as const;

/** `onUsable`: as in `GuardedLog`. */
export function guardLog(
  runner: GuardRunner,
  log: LogCapability,
  onUsable: GuardedLog['onUsable'],
): GuardedLog {
  const append = (
    operation: 'appendGroup' | 'appendKey',
    request: AppendRequest,
  ): Promise<GuardResult<AppendAnswer>> =>
    runner.perform(
      { ...BUS, role: 'forget', run: ({ signal }) => log[operation](request, signal) },
      LOG_DEADLINE_MS,
    );
  return {
    isLocal: log.isLocal === true,
    syncNow(request) {
      try {
        return log.syncNow?.(request);
      } catch {
        return undefined; // the caller uses `sync` instead, whose failure the breaker sees
      }
    },
    sync: (request) =>
      runner.perform(
        { ...BUS, role: 'read', run: ({ signal }) => log.sync(request, signal) },
        LOG_DEADLINE_MS,
      ),
    appendGroup: (request) => append('appendGroup', request),
    appendKey: (request) => append('appendKey', request),
    positions: (place, ids) =>
      runner.perform(
        { ...BUS, role: 'read', run: ({ signal }) => log.positions(place, ids, signal) },
        runner.timeout.readMs(),
      ),
    follow: (place, waitMs, signal) => log.follow(place, waitMs, signal),
    onUsable,
    onTopology: (listener) => log.onTopology?.(listener) ?? (() => undefined),
  };
}
