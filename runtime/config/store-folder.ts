// Where the embedded store lies when CACHEKIT_PATH says nothing.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** `node_modules/.cache/cachekit` of the project around `from`; without one the user's cache folder. */
export function storeFolder(from: string, env: Readonly<Record<string, string | undefined>>): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'node_modules', '.cache', 'cachekit');
    if (dirname(folder) === folder) return join(userCache(env), 'cachekit');
  }
}

function userCache(env: Readonly<Record<string, string | undefined>>): string {
  return env['XDG_CACHE_HOME'] ?? env['LOCALAPPDATA'] ?? join(homedir(), '.cache');
}
