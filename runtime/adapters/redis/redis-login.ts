// Login, database and TLS of a connection, apart from its host and port.
import type { ServerPlace } from './master-finder.ts';

/** How to connect, wherever the server is. */
export interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  /** undefined: no TLS. With TLS the server's certificate is always verified. */
  readonly tls?: { readonly servername?: string };
}

/** A login at a server. */
export interface RedisAddress extends RedisLogin, ServerPlace {}

/** Leaves out empty fields, because ioredis takes an empty user name for a user. */
export function loginOf(username: string, password: string, db: number, hasTls: boolean): RedisLogin {
  return {
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    db,
    ...(hasTls ? { tls: {} } : {}),
  };
}

/** Adds the server, and its host as TLS server name (SNI) unless it is an IP address, for which SNI has no form. */
export function addressOf(login: RedisLogin, { host, port }: ServerPlace): RedisAddress {
  const named =
    login.tls !== undefined && process.getBuiltinModule('node:net').isIP(host) === 0
      ? { tls: { servername: host } }
      : {};
  return { ...login, host, port, ...named };
}
