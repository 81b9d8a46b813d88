// The log of invalidations behind the guard.
import type { AppendAnswer, AppendRequest, LogCapability } from '../backend/log-capability.ts';
import type { GuardRunner } from './guard-runner.ts';
import type { GuardedLog, GuardResult } from './guarded-backend.ts';

/** An answer may hold ten thousand groups, and a commit may wait for a disk: more time than one value needs. */
const LOG_DEADLINE_MS = 1000;

/** No key of the log is a stored entry, so probes never read one; its times say nothing about reads. */
const BUS = { name: 'bus', key: undefined, isTimed: false } as const;

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
        return undefined; // `sync` comes next, and its failure counts
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
