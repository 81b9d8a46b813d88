// URLs that name several servers. `URL` cannot read them: a comma is no part of a port.
import type { ServerPlace } from './master-finder.ts';
import { decodePart, refuseUrl } from './url-parts.ts';

export interface ServerListUrl {
  readonly scheme: 'redis+sentinel' | 'redis+cluster';
  /** Decoded; '' when absent. */
  readonly username: string;
  /** Decoded; '' when absent. */
  readonly password: string;
  readonly servers: readonly ServerPlace[];
  /** Not decoded, without empty parts at the end. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const DEFAULT_PORTS = { 'redis+sentinel': 26379, 'redis+cluster': 6379 } as const;
const QUERY_NAMES = {
  'redis+sentinel': ['tls', 'sentinelUsername', 'sentinelPassword'],
  'redis+cluster': ['tls'],
} as const;

/** Host, IPv4 or [IPv6], then maybe a port. */
const SERVER = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]/@]+))(?::(\d{1,5}))?$/i;

function readServer(text: string, defaultPort: number): ServerPlace {
  const found = SERVER.exec(text);
  const port = Number(found?.[3] ?? defaultPort);
  if (found === null || port < 1 || port > 65_535)
    refuseUrl('must list its servers as host:port,host:port; one of them cannot be read.');
  return { host: found[1] ?? found[2] ?? '', port };
}

function readQuery(scheme: ServerListUrl['scheme'], text: string): URLSearchParams {
  const query = new URLSearchParams(text);
  const known: readonly string[] = QUERY_NAMES[scheme];
  for (const name of query.keys()) {
    // The name is not repeated: a password with `?` in it that was not encoded ends up here.
    if (!known.includes(name))
      refuseUrl(`has a query parameter that is not known; there are: ${known.join(', ')}.`);
  }
  const tls = query.get('tls');
  if (tls !== null && tls !== 'true' && tls !== 'false') refuseUrl('takes true or false for tls.');
  return query;
}

/** undefined: another scheme. @throws ERR_CACHEKIT_CONFIG; the text never holds the URL */
export function readServerList(target: string): ServerListUrl | undefined {
  const parts = /^(redis\+sentinel|redis\+cluster):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(target);
  if (parts === null) return undefined;
  const scheme = parts[1]?.toLowerCase() === 'redis+sentinel' ? 'redis+sentinel' : 'redis+cluster';
  const authority = parts[2] ?? '';
  // The last one: an @ in a password that was not encoded belongs to it.
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  const colon = user.includes(':') ? user.indexOf(':') : user.length;
  const path = (parts[3] ?? '').replace(/^\/|\/+$/g, '');
  return {
    scheme,
    username: decodePart(user.slice(0, colon)),
    password: decodePart(user.slice(colon + 1)),
    servers: authority
      .slice(at + 1)
      .split(',')
      .map((server) => readServer(server, DEFAULT_PORTS[scheme])),
    path: path === '' ? [] : path.split('/'),
    query: readQuery(scheme, parts[4] ?? ''),
  };
}
