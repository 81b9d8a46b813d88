// Where the embedded store lies when CACHEKIT_PATH says nothing. Not imported: see `value/node-types.ts`.

const { existsSync } = process.getBuiltinModule('node:fs');
const { homedir } = process.getBuiltinModule('node:os');
const path = process.getBuiltinModule('node:path');

/** `node_modules/.cache/cachekit` of the project around `from`; without one the user's cache folder. */
export function storeFolder(from: string, env: Readonly<Record<string, string | undefined>>): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json')))
      return path.join(folder, 'node_modules', '.cache', 'cachekit');
    if (path.dirname(folder) === folder) return path.join(userCache(env), 'cachekit');
  }
}

function userCache(env: Readonly<Record<string, string | undefined>>): string {
  return env['XDG_CACHE_HOME'] ?? env['LOCALAPPDATA'] ?? path.join(homedir(), '.cache');
}
