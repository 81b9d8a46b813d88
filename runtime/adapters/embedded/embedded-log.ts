// The log of the embedded store. An invalidation is on disk before it is acknowledged.
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

/** The file may be replaced between creating the registry and reading it: then both are done again. */
const SYNC_ATTEMPTS = 3;

/**
 * Copies the fields that the writer needs, and checks the numbers: one that SQLite cannot store would fail the whole
 * batch. @throws BackendError
 */
function acceptedSync({ prefix, inc, head, spareInc, recordId }: SyncRequest): SyncRequest {
  if (![inc, head, spareInc].every((number) => Number.isSafeInteger(number)))
    throw new BackendError('permanent', 'Positions and incarnations are whole numbers below 2^53.');
  return { prefix, inc, head, spareInc, recordId };
}

function acceptedAppend(request: AppendRequest): AppendRequest {
  const { subject, redone, registryMax } = request;
  return { ...acceptedSync(request), subject, redone, registryMax };
}

/** The answer as it was before `raise`: a head behind the caller's tells the caller that the log has lost records. */
function beforeRaise(answer: SyncAnswer, { inc }: SyncRequest, headBefore: number | undefined): SyncAnswer {
  if (headBefore === undefined || answer.inc !== inc) return answer;
  return {
    ...answer,
    head: headBefore,
    groups: answer.groups.filter(([, position]) => position <= headBefore),
    tail: answer.tail.filter(({ position }) => position <= headBefore),
  };
}

/** Log over the file of `store`. */
export function embeddedLog(store: SqliteStore, followers: Followers): LogCapability {
  const syncNow = (request: SyncRequest): SyncAnswer | undefined =>
    store.read((file) => readSync(file, request, Math.floor(store.clock.nowMs() * 1000)));
  const sync = async (request: SyncRequest): Promise<SyncAnswer> => {
    let headBefore: number | undefined;
    for (let attempt = 0; attempt < SYNC_ATTEMPTS; attempt++) {
      const answer = syncNow(request);
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
    syncNow,
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
