// Parses URLs with several servers, which `URL` cannot: it takes `port,host:port` for a bad port.
import type { ServerPlace } from './master-finder.ts';
import { decodePart, refuseUrl } from './url-parts.ts';

/** The parts of such a URL. */
export interface ServerListUrl {
  readonly scheme: 'redis+sentinel' | 'redis+cluster';
  /** Decoded; '' when absent. */
  readonly username: string;
  /** Decoded; '' when absent. */
  readonly password: string;
  readonly servers: readonly ServerPlace[];
  /** Path segments, not decoded, without empty ones at the end. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const DEFAULT_PORTS = { 'redis+sentinel': 26379, 'redis+cluster': 6379 } as const;
const QUERY_NAMES = {
  'redis+sentinel': ['tls', 'sentinelUsername', 'sentinelPassword'],
  'redis+cluster': ['tls'],
} as const;

/** A host name, IPv4 or [IPv6] address, then perhaps a port. */
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
    // The message does not quote the name, which may be the rest of a password with an unencoded `?`.
    if (!known.includes(name))
      refuseUrl(`has a query parameter that is not known; there are: ${known.join(', ')}.`);
  }
  const tls = query.get('tls');
  if (tls !== null && tls !== 'true' && tls !== 'false') refuseUrl('takes true or false for tls.');
  return query;
}

/** undefined: the URL has another scheme. @throws ERR_CACHEKIT_CONFIG; its message never contains the URL */
export function readServerList(target: string): ServerListUrl | undefined {
  const parts = /^(redis\+sentinel|redis\+cluster):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(target);
  if (parts === null) return undefined;
  const scheme = parts[1]?.toLowerCase() === 'redis+sentinel' ? 'redis+sentinel' : 'redis+cluster';
  const authority = parts[2] ?? '';
  // The last @ ends the login: earlier ones belong to a password that was not encoded.
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
