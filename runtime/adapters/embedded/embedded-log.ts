// The log over the file: one transaction per invalidation, on the disk before it is acknowledged.
import { BackendError } from '../../backend/backend-error.ts';
import type {
  AppendAnswer,
  AppendRequest,
  LogCapability,
  SyncAnswer,
  SyncRequest,
} from '../../backend/log-capability.ts';
import type { Followers } from './followers.ts';
import { readPositions, readSync } from './read-log.ts';
import { backendErrorOf } from './sqlite-file.ts';
import type { SqliteStore } from './sqlite-store.ts';
import { untilAborted } from './until-aborted.ts';

/** The file may be replaced between making the registry and reading it, but not all the time. */
const SYNC_ATTEMPTS = 3;

/** Only what is needed, and only what the file can hold: one bad operation fails its whole batch. @throws BackendError */
function acceptedSync({ prefix, inc, head, spareInc, recordId }: SyncRequest): SyncRequest {
  if (![inc, head, spareInc].every((number) => Number.isSafeInteger(number)))
    throw new BackendError('permanent', 'Positions and incarnations are whole numbers below 2^53.');
  return { prefix, inc, head, spareInc, recordId };
}

function acceptedAppend(request: AppendRequest): AppendRequest {
  const { subject, redone, registryMax } = request;
  return { ...acceptedSync(request), subject, redone, registryMax };
}

/** As the registry stood when the caller came: that it was behind tells the caller that it has lost something. */
function beforeRaise(answer: SyncAnswer, { inc }: SyncRequest, headBefore: number | undefined): SyncAnswer {
  if (headBefore === undefined || answer.inc !== inc) return answer;
  return {
    ...answer,
    head: headBefore,
    groups: answer.groups.filter(([, position]) => position <= headBefore),
    tail: answer.tail.filter(({ position }) => position <= headBefore),
  };
}

export function embeddedLog(store: SqliteStore, followers: Followers): LogCapability {
  const sync = async (request: SyncRequest): Promise<SyncAnswer> => {
    let headBefore: number | undefined;
    for (let attempt = 0; attempt < SYNC_ATTEMPTS; attempt++) {
      const nowUs = Math.floor(store.clock.nowMs() * 1000);
      const answer = store.read((file) => readSync(file, request, nowUs));
      if (answer !== undefined) return beforeRaise(answer, request, headBefore);
      headBefore = await store.write({ kind: 'raise', request: acceptedSync(request) });
      followers.committed();
    }
    throw backendErrorOf('other');
  };
  const append = async (subjectKind: 'key' | 'group', request: AppendRequest): Promise<AppendAnswer> => {
    const answer = await store.write({ kind: 'append', subjectKind, request: acceptedAppend(request) });
    followers.committed();
    return answer;
  };

  return {
    syncNow: (request) =>
      store.read((file) => readSync(file, request, Math.floor(store.clock.nowMs() * 1000))),
    sync: (request, signal) => untilAborted(signal, () => sync(request)),
    appendGroup: (request, signal) => untilAborted(signal, () => append('group', request)),
    appendKey: (request, signal) => untilAborted(signal, () => append('key', request)),
    follow: (place, waitMs, signal) => untilAborted(signal, () => followers.follow(place, waitMs, signal)),
    positions: (place, ids, signal) =>
      untilAborted(
        signal,
        () =>
          store.read((file) => readPositions(file, place, ids)) ?? { floor: 0, positions: ids.map(() => 0) },
      ),
    onTopology: (listener) => followers.onReplaced(listener),
  };
}
