// `redis:` and `rediss:` URLs → connection settings. The client library would take any of its options from the query.
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { notice } from '../../observe/notice.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  readonly tls?: { readonly servername: string };
}

const refuse = (why: string): never => {
  throw new CacheKitError('ERR_CACHEKIT_CONFIG', `The Redis URL ${why}`);
};

function parse(target: string): URL {
  try {
    return new URL(target);
  } catch {
    return refuse(
      'cannot be parsed. Write redis://user:password@host:6379/0, with special characters %-encoded.',
    );
  }
}

/** Percent signs that encode nothing stand for themselves: passwords are often pasted in raw. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function databaseOf(url: URL): number {
  const path = url.pathname.replace(/^\//, '');
  if (!/^\d{0,5}$/.test(path)) refuse('must end in a database number, as in redis://host:6379/0.');
  return path === '' ? 0 : Number(path);
}

/** @throws ERR_CACHEKIT_CONFIG; the text never holds the URL, because of the password in it. */
export function parseRedisUrl(target: string): RedisAddress {
  const url = parse(target);
  if (url.protocol === 'redis+sentinel:' || url.protocol === 'redis+cluster:') {
    refuse(`scheme ${url.protocol} is not supported yet. Use redis: or rediss:.`);
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    refuse('must start with redis:// or rediss://.');
  if (url.searchParams.size > 0) {
    notice('CACHEKIT_REDIS_URL', 'The query part of the Redis URL is ignored.');
  }
  const host = url.hostname === '' ? 'localhost' : url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username === '' ? {} : { username: decode(url.username) }),
    ...(url.password === '' ? {} : { password: decode(url.password) }),
    db: databaseOf(url),
    ...(url.protocol === 'rediss:' ? { tls: { servername: host } } : {}),
  };
}
