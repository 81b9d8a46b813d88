// Makes a backend, on connections of our own, for a parsed Redis URL. Nothing connects before the first operation.
import type { Backend } from '../../backend/backend.ts';
import { clusterServers } from './cluster-servers.ts';
import { LINK_SILENCE_MS } from './follow-log.ts';
import { openConnection } from './own-connection.ts';
import { createRedisBackend } from './redis-backend.ts';
import type { ConnectionTimes } from './redis-connection.ts';
import { addressOf } from './redis-login.ts';
import type { RedisTarget } from './redis-url.ts';
import { sentinelFinder } from './sentinel-finder.ts';
import { oneServer } from './servers.ts';

/** `connections`: number of data connections to each server. */
export function openTarget(target: RedisTarget, times: ConnectionTimes, connections: number): Backend {
  // A blocking command keeps its socket silent for longer than a data connection may be.
  const link = { times: { ...times, socketTimeoutMs: LINK_SILENCE_MS }, isBackground: true };
  if (target.kind === 'cluster') {
    const { seeds, login } = target;
    return createRedisBackend(clusterServers({ seeds, login, times, connections }), () =>
      clusterServers({ seeds, login, connections: 1, ...link }),
    );
  }
  const finder =
    target.kind === 'server' ? undefined : sentinelFinder({ ...target, login: target.sentinelLogin });
  // With a finder, host and port are placeholders: it gives the real ones before each attempt.
  const address =
    target.kind === 'server' ? target.address : addressOf(target.login, { host: 'localhost', port: 6379 });
  const data = Array.from({ length: connections }, () => openConnection({ address, times, finder }));
  return createRedisBackend(
    oneServer(data, { keepsOrder: true, finder }),
    () => oneServer([openConnection({ address, finder, ...link })], { keepsOrder: true, finder }),
    () => finder?.close(),
  );
}
