// Names of functions that are no function of their arguments, by who declares them. Data only.

type Owners = Readonly<Record<string, readonly string[]>>;

/** Name → owners on the platform: time, chance, unique ids. */
export const CLOCKS: Owners = {
  now: ['DateConstructor', 'Performance', 'Now'],
  random: ['Math'],
  randomUUID: ['Crypto', 'crypto'],
  getRandomValues: ['Crypto', 'crypto', 'webcrypto'],
  randomBytes: ['crypto'],
  randomInt: ['crypto'],
  hrtime: ['Process'],
  bigint: ['HRTime'],
  uptime: ['Process', 'os'],
  instant: ['Now'],
  plainDateISO: ['Now'],
  plainDateTimeISO: ['Now'],
  plainTimeISO: ['Now'],
  zonedDateTimeISO: ['Now'],
};

/** Imports of packages that make ids: module → names, `default` among them. */
export const ID_MAKERS: Owners = {
  uuid: ['v1', 'v4', 'v6', 'v7'],
  nanoid: ['nanoid'],
  'nanoid/non-secure': ['nanoid'],
  ulid: ['ulid'],
  cuid: ['default'],
  '@paralleldrive/cuid2': ['createId'],
};

/** Imports that answer for the request that is being served. */
export const REQUEST_READERS: Owners = {
  'next/headers': ['cookies', 'headers', 'draftMode'],
  '$app/server': ['getRequestEvent'],
  'hono/context-storage': ['getContext', 'tryGetContext'],
  '@tanstack/react-start/server': [
    'getRequest',
    'getRequestHeader',
    'getRequestHeaders',
    'getCookie',
    'getCookies',
  ],
};

/** Methods of the platform that change the object they are called on. Weak collections only remember. */
export const MUTATORS: Owners = {
  push: ['Array'],
  pop: ['Array'],
  shift: ['Array'],
  unshift: ['Array'],
  splice: ['Array'],
  sort: ['Array'],
  reverse: ['Array'],
  fill: ['Array'],
  copyWithin: ['Array'],
  set: ['Map'],
  add: ['Set'],
  delete: ['Map', 'Set'],
  clear: ['Map', 'Set'],
};

/** Writes to somewhere else. What `console.debug`, `warn` and `error` say is about the run, which a hit is none. */
export const OUTPUTS: Owners = {
  log: ['Console'],
  info: ['Console'],
  table: ['Console'],
  dir: ['Console'],
  emit: ['EventEmitter', 'Process'],
  dispatchEvent: ['EventTarget'],
  postMessage: ['BroadcastChannel', 'MessagePort', 'Worker', 'worker_threads'],
  ...Object.fromEntries(
    ['writeFile', 'appendFile', 'unlink', 'rm', 'rmdir', 'mkdir', 'rename', 'copyFile'].flatMap((name) => [
      [name, ['fs', 'fs/promises']],
      [`${name}Sync`, ['fs']],
    ]),
  ),
};

/** Set when the program is built or started, and the same for everybody who shares a cache. */
export const BUILD_ENV: ReadonlySet<string> = new Set(['NODE_ENV', 'MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL']);

export function isOwned(owners: Owners, name: string, owner: string | undefined): boolean {
  return owner !== undefined && Object.hasOwn(owners, name) && owners[name]?.includes(owner) === true;
}
