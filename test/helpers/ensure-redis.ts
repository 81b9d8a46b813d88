// Gets a redis-server onto this machine if that is allowed.
import { ensurePackage } from './ensure-package.ts';
import { findRedisServer } from './redis-server.ts';

/** True: there is a redis-server now. Never throws; says in one line why not. */
export function ensureRedis(): boolean {
  return ensurePackage('redis-server', () => findRedisServer() !== undefined);
}
