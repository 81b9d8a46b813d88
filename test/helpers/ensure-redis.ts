// Gets a redis-server onto this machine if that is allowed: Debian's package, as root, without questions.
import { execFileSync, spawnSync } from 'node:child_process';
import { findRedisServer } from './redis-server.ts';

function hasApt(): boolean {
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** True: there is a redis-server now. Never throws; says in one line what it did or why it could not. */
export function ensureRedis(): boolean {
  if (findRedisServer() !== undefined) return true;
  if (process.getuid?.() !== 0 || !hasApt()) {
    console.warn('Redis: no redis-server here, and it cannot be installed without root and apt.');
    return false;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore', timeout: 120_000 });
    // `--no-install-recommends`: the server alone.
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], {
      env,
      stdio: 'ignore',
      timeout: 300_000,
    });
  } catch {
    console.warn('Redis: installing the package redis-server with apt failed.');
    return false;
  }
  return findRedisServer() !== undefined;
}
