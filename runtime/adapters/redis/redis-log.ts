// The registry and the log of invalidations on Redis: a sorted set and a stream, in one slot.
import type { Abandonment } from '../../backend/abandonment.ts';
import { BackendError } from '../../backend/backend-error.ts';
import type {
  AppendAnswer,
  AppendRequest,
  LogCapability,
  SyncRequest,
} from '../../backend/log-capability.ts';
import { followLog } from './follow-log.ts';
import { besideKey, logKey, registryKey } from './key-names.ts';
import { untilAborted } from './lane.ts';
import { groupsOf, listOf, recordsOf, replyAs, wholeOf } from './replies.ts';
import type { ScriptRunner } from './run-script.ts';
import { APPEND, SYNC, type Script } from './scripts.ts';
import type { Servers } from './servers.ts';
import type { Topology } from './topology.ts';

/** Whatever the caller allows, the newest group is kept. */
const FEWEST_GROUPS = 1;
const RECORD_ID = /^[0-9a-f]{16}$/;

function placeArgs({ inc, head, spareInc, recordId }: SyncRequest): (string | number)[] {
  if (!RECORD_ID.test(recordId)) throw new BackendError('permanent', 'A record is named by 16 hex digits.');
  return [inc, head, spareInc, recordId];
}

function appendArgs(kind: 'k' | 'g', request: AppendRequest): (string | number)[] {
  if (request.subject === '') throw new BackendError('permanent', 'A record names a key or a group.');
  const most = Math.max(FEWEST_GROUPS, Math.floor(request.registryMax));
  return [...placeArgs(request), kind, request.subject, most, request.redone ? '1' : '0'];
}

function appendAnswer([inc, previous, position]: readonly unknown[]): AppendAnswer {
  return { inc: wholeOf(inc), previous: wholeOf(previous), position: wholeOf(position) };
}

/** `link` gives connections to the same servers for blocking commands. `topology` covers both sets of connections. */
export function redisLog(
  servers: Servers,
  link: () => Servers,
  run: ScriptRunner,
  topology: Topology,
): LogCapability {
  const script = (
    of: Script,
    parts: number,
    prefix: string,
    args: readonly (string | number)[],
    abandonment: Abandonment,
    lane = registryKey(prefix),
  ): Promise<readonly unknown[]> =>
    servers.send(lane, abandonment, false, (client) =>
      replyAs(run(client, of, [registryKey(prefix), logKey(prefix)], args), (reply) => listOf(reply, parts)),
    );
  const append = (
    request: AppendRequest,
    args: readonly (string | number)[],
    abandonment: Abandonment,
    lane?: string,
  ) => script(APPEND, 3, request.prefix, args, abandonment, lane);
  const unlink = (name: string, key: string, abandonment: Abandonment): Promise<unknown> =>
    servers.send(key, abandonment, false, (client) => replyAs(client.callBuffer('UNLINK', name), wholeOf));

  const appendKey = async (request: AppendRequest, abandonment: Abandonment): Promise<readonly unknown[]> => {
    const args = appendArgs('k', request);
    const key = request.subject;
    const lease = besideKey(key, 'f');
    if (servers.keepsOrder) {
      const [, , answer] = await Promise.all([
        unlink(lease, key, abandonment),
        unlink(key, key, abandonment),
        append(request, args, abandonment, key),
      ]);
      return answer;
    }
    // In a cluster a redirection could let a later command overtake an earlier one, so each waits for the one before.
    await unlink(lease, key, abandonment);
    await unlink(key, key, abandonment);
    return append(request, args, abandonment);
  };

  return {
    async sync(request, signal) {
      const args = placeArgs(request);
      const reply = await untilAborted(signal, (gone) => script(SYNC, 6, request.prefix, args, gone));
      const [inc, head, floor, nowUs, groups, tail] = reply;
      return {
        inc: wholeOf(inc),
        head: wholeOf(head),
        floor: wholeOf(floor),
        nowUs: wholeOf(nowUs),
        groups: groupsOf(groups),
        tail: recordsOf(tail),
      };
    },
    async appendGroup(request, signal) {
      const args = appendArgs('g', request);
      return appendAnswer(await untilAborted(signal, (gone) => append(request, args, gone)));
    },
    async appendKey(request, signal) {
      return appendAnswer(await untilAborted(signal, (gone) => appendKey(request, gone)));
    },
    follow: (place, waitMs, signal) => followLog(link, place, waitMs, signal),
    async positions({ prefix }, ids, signal) {
      const key = registryKey(prefix);
      const reply = await untilAborted(signal, (gone) =>
        servers.send(key, gone, false, (client) =>
          replyAs(client.callBuffer('ZMSCORE', key, '!floor', ...ids), (scores) =>
            listOf(scores, ids.length + 1),
          ),
        ),
      );
      const [floor = 0, ...positions] = reply.map((score) => (score === null ? 0 : wholeOf(score)));
      return { floor, positions };
    },
    onTopology: (listener) => topology.listen(listener),
  };
}
