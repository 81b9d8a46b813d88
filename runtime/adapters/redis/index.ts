// `cachekit/redis`: Redis as a backend. ioredis is loaded at the first operation.
import type { Backend } from '../../backend/backend.ts';
import { parseWait, type Duration } from '../../config/duration.ts';
import { checkNames } from '../../config/setting-names.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { borrowConnection } from './borrowed-connection.ts';
import { borrowedLink } from './borrowed-link.ts';
import { openTarget } from './open-target.ts';
import { createRedisBackend } from './redis-backend.ts';
import type { RedisLike } from './redis-like.ts';
import { parseRedisTarget } from './redis-url.ts';
import { oneServer } from './servers.ts';

export type { RedisLike } from './redis-like.ts';

/** Options of `redisBackend()` for a URL. */
export interface RedisBackendOptions {
  /** Data connections to each server, 1 to 64. Commands are pipelined, so one connection carries a lot. Default 1. */
  readonly connections?: number;
  /** How long opening a connection may take. Default 1s. */
  readonly connectTimeout?: Duration;
  /** A socket is closed when commands wait on it and nothing arrives for this long. Default 1s. */
  readonly socketTimeout?: Duration;
}

const OPTIONS = ['connections', 'connectTimeout', 'socketTimeout'];

function countOf(connections: number): number {
  if (Number.isInteger(connections) && connections >= 1 && connections <= 64) return connections;
  throw new CacheKitError(
    'ERR_CACHEKIT_CONFIG',
    '`connections` of redisBackend is a whole number from 1 to 64.',
  );
}

/**
 * `target` is a URL (`redis:`, `rediss:`, `redis+sentinel:`, `redis+cluster:`), or a client of your own, which keeps
 * its settings and is never closed by the backend. It takes no `options`: they would have no effect on it.
 * @throws ERR_CACHEKIT_CONFIG for a URL or an option that cannot be used
 */
export function redisBackend(target: string | RedisLike, options: RedisBackendOptions = {}): Backend {
  checkNames(options, OPTIONS, 'redisBackend()');
  if (typeof target !== 'string') {
    refuseOptions(options);
    const servers = oneServer([borrowConnection(target)], { keepsOrder: target.isCluster !== true });
    return createRedisBackend(servers, () => borrowedLink(target));
  }
  const times = {
    connectTimeoutMs: parseWait(options.connectTimeout ?? '1s', 'connectTimeout'),
    socketTimeoutMs: parseWait(options.socketTimeout ?? '1s', 'socketTimeout'),
  };
  return openTarget(parseRedisTarget(target), times, countOf(options.connections ?? 1));
}

function refuseOptions(options: RedisBackendOptions): void {
  const given = Object.entries(options).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  throw new CacheKitError(
    'ERR_CACHEKIT_CONFIG',
    `\`${given[0]}\` of redisBackend has no effect on a client of your own. Set it where you make the client.`,
  );
}
