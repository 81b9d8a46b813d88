// Waits for new log records with a blocking XREAD, on a connection of its own (the link) that never keeps the process
// alive.
import { Abandonment } from '../../backend/abandonment.ts';
import { BackendError } from '../../backend/backend-error.ts';
import type { FollowAnswer, LogPlace } from '../../backend/log-capability.ts';
import { MOST_FOLLOWED } from '../../backend/log-limits.ts';
import { logKey, registryKey } from './key-names.ts';
import { untilAborted } from './lane.ts';
import { listOf, replyAs, streamOf, wholeOf } from './replies.ts';
import type { Servers } from './servers.ts';

/** A socket of the link that is silent for this long is closed: longer than any blocking wait in the server. */
export const LINK_SILENCE_MS = 2500;
const LONGEST_BLOCK_MS = 1500;
/** Allowed on top of the wait in the server, for connecting and for the answer. */
const GRACE_MS = 900;

/** Rejects if `run` takes longer than `limitMs`, so that the caller can go on and read the registry instead. */
function boundedBy<T>(
  limitMs: number,
  outer: Abandonment,
  run: (inner: Abandonment) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const inner = new Abandonment();
    const timer = setTimeout(() => {
      inner.giveUp();
      reject(new BackendError('transient', 'The link to Redis is not connected.'));
    }, limitMs).unref();
    outer.onGivenUp(() => inner.giveUp());
    void run(inner)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

async function followOnce(
  link: Servers,
  { prefix, head }: LogPlace,
  blockMs: number,
  abandonment: Abandonment,
): Promise<FollowAnswer> {
  const [log, registry] = [logKey(prefix), registryKey(prefix)];
  const wait = ['COUNT', MOST_FOLLOWED, 'BLOCK', blockMs, 'STREAMS', log, `${head}-0`];
  const records = await link.send(registry, abandonment, true, (client) =>
    replyAs(client.callBuffer('XREAD', ...wait), streamOf),
  );
  if (records.length > 0) return { records, registry: undefined };
  const [inc, now] = await link.send(registry, abandonment, true, (client) =>
    replyAs(client.callBuffer('ZMSCORE', registry, '!inc', '!head'), (scores) => listOf(scores, 2)),
  );
  if (inc === null || now === null) return { records, registry: undefined };
  return { records, registry: { inc: wholeOf(inc), head: wholeOf(now) } };
}

/**
 * New records after `place`, or the state of the registry if there are none. Waits for `waitMs` but at most 1.5 s,
 * since the link may not be silent for longer. Rejects with BackendError.
 */
export function followLog(
  link: () => Servers,
  place: LogPlace,
  waitMs: number,
  signal: AbortSignal,
): Promise<FollowAnswer> {
  // At least 1: BLOCK 0 waits for ever.
  const blockMs = Math.min(LONGEST_BLOCK_MS, Math.max(1, Math.floor(waitMs)));
  return untilAborted(signal, (abandonment) =>
    boundedBy(blockMs + GRACE_MS, abandonment, (inner) => followOnce(link(), place, blockMs, inner)),
  );
}
