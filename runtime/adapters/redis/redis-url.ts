// Parses Redis URLs. ioredis is not given the URL, because it would take any of its options from the query.
import { notice } from '../../observe/notice.ts';
import type { ServerPlace } from './master-finder.ts';
import { addressOf, loginOf, type RedisAddress, type RedisLogin } from './redis-login.ts';
import { readServerList } from './server-list-url.ts';
import { databaseOf, decodePart, refuseUrl } from './url-parts.ts';

/** What a URL names. */
export type RedisTarget =
  | { readonly kind: 'server'; readonly address: RedisAddress }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly ServerPlace[];
      readonly masterName: string;
      /** Login at the servers that Sentinel watches. */
      readonly login: RedisLogin;
      readonly sentinelLogin: RedisLogin;
    }
  | { readonly kind: 'cluster'; readonly seeds: readonly ServerPlace[]; readonly login: RedisLogin };

function parse(target: string): URL {
  try {
    return new URL(target);
  } catch {
    return refuseUrl(
      'cannot be parsed. Write redis://user:password@host:6379/0, with special characters %-encoded.',
    );
  }
}

/** Parses a `redis:` or `rediss:` URL. @throws ERR_CACHEKIT_CONFIG; its message never contains the URL */
export function parseRedisUrl(target: string): RedisAddress {
  const url = parse(target);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    refuseUrl('must start with redis://, rediss://, redis+sentinel:// or redis+cluster://.');
  if (url.searchParams.size > 0) {
    notice('CACHEKIT_REDIS_URL', 'The query part of the Redis URL is ignored.');
  }
  const host = url.hostname === '' ? 'localhost' : url.hostname.replace(/^\[(.*)\]$/, '$1');
  const db = databaseOf(url.pathname.replace(/^\//, ''));
  const login = loginOf(decodePart(url.username), decodePart(url.password), db, url.protocol === 'rediss:');
  return addressOf(login, { host, port: url.port === '' ? 6379 : Number(url.port) });
}

/**
 * Parses any Redis URL: also `redis+sentinel://user:password@host:26379,host2:26379/masterName/0` and
 * `redis+cluster://user:password@host:7000,host2:7001`, both with `?tls=true` if wanted. Sentinel's own login is
 * `?sentinelUsername=…&sentinelPassword=…`.
 * @throws ERR_CACHEKIT_CONFIG; its message never contains the URL, because of the password in it
 */
export function parseRedisTarget(target: string): RedisTarget {
  const list = readServerList(target);
  if (list === undefined) return { kind: 'server', address: parseRedisUrl(target) };
  const { username, password, servers, path, query } = list;
  const hasTls = query.get('tls') === 'true';
  if (list.scheme === 'redis+cluster') {
    if (path.length > 0) refuseUrl('of a cluster has no path: a Redis Cluster has one database only.');
    return { kind: 'cluster', seeds: servers, login: loginOf(username, password, 0, hasTls) };
  }
  const [masterName = '', database = '', ...rest] = path;
  if (masterName === '' || rest.length > 0)
    refuseUrl('of Sentinel must name the master, as in redis+sentinel://host:26379/mymaster/0.');
  return {
    kind: 'sentinel',
    sentinels: servers,
    masterName: decodePart(masterName),
    login: loginOf(username, password, databaseOf(database), hasTls),
    sentinelLogin: loginOf(
      query.get('sentinelUsername') ?? '',
      query.get('sentinelPassword') ?? '',
      0,
      hasTls,
    ),
  };
}
