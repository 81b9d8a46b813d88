// The default folder of the embedded store, for when CACHEKIT_PATH is not set. Node modules are not imported: see
// `value/node-types.ts`.

const { existsSync } = process.getBuiltinModule('node:fs');
const { homedir } = process.getBuiltinModule('node:os');
const path = process.getBuiltinModule('node:path');

/** `node_modules/.cache/cachekit` of the project that contains `from`; without a project, the user's cache folder. */
export function storeFolder(from: string, env: Readonly<Record<string, string | undefined>>): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json')))
      return path.join(folder, 'node_modules', '.cache', 'cachekit');
    if (path.dirname(folder) === folder) return path.join(userCache(env), 'cachekit');
  }
}

/** An empty variable counts as not set (XDG Base Directory Specification). */
function userCache(env: Readonly<Record<string, string | undefined>>): string {
  return env['XDG_CACHE_HOME'] || env['LOCALAPPDATA'] || path.join(homedir(), '.cache');
}
