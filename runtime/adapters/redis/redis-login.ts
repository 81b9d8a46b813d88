// As whom to connect, and how, apart from where.
import type { ServerPlace } from './master-finder.ts';

export interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  /** The server's certificate is verified, always. */
  readonly tls?: { readonly servername?: string };
}

export interface RedisAddress extends RedisLogin, ServerPlace {}

/** Only what is there: the client library takes an empty user for a user. */
export function loginOf(username: string, password: string, db: number, hasTls: boolean): RedisLogin {
  return {
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    db,
    ...(hasTls ? { tls: {} } : {}),
  };
}

/** An address has no name that a server could tell its certificates apart by. */
export function addressOf(login: RedisLogin, { host, port }: ServerPlace): RedisAddress {
  const named =
    login.tls !== undefined && process.getBuiltinModule('node:net').isIP(host) === 0
      ? { tls: { servername: host } }
      : {};
  return { ...login, host, port, ...named };
}
