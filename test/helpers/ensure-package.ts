// Gets a program onto this machine if that is allowed: a package of Debian, as root, without questions.
import { execFileSync, spawnSync } from 'node:child_process';

function hasApt(): boolean {
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** True: it is there now. Never throws; says in one line why it is not. */
export function ensurePackage(name: string, isThere: () => boolean): boolean {
  if (isThere()) return true;
  if (process.getuid?.() !== 0 || !hasApt()) {
    console.warn(`There is no ${name} here, and it cannot be installed without root and apt.`);
    return false;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore', timeout: 120_000 });
    // `--no-install-recommends`: the program alone.
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
      env,
      stdio: 'ignore',
      timeout: 300_000,
    });
  } catch {
    console.warn(`Installing the package ${name} with apt failed.`);
    return false;
  }
  return isThere();
}
