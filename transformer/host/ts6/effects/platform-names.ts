// Known functions whose result depends on more than their arguments, or that change or write something. Data only.

type Owners = Readonly<Record<string, readonly string[]>>;

/** Platform functions that return the time, random values or unique ids: name → owners. */
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

/** Functions of packages that create unique ids: module → exported names. */
export const ID_MAKERS: Owners = {
  uuid: ['v1', 'v4', 'v6', 'v7'],
  nanoid: ['nanoid'],
  'nanoid/non-secure': ['nanoid'],
  ulid: ['ulid'],
  cuid: ['default'],
  '@paralleldrive/cuid2': ['createId'],
};

/** Functions that return something about the request being served: module → exported names. */
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

/**
 * Platform methods that change the object they are called on: name → owners. Not those of weak collections: mere
 * memory.
 */
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

/**
 * Functions that write output or change something outside: name → owners. Without `console.debug`, `warn` and `error`:
 * these report on a run of the function, and a hit is not a run.
 */
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

/** Environment variables that are fixed for a build or deployment: the same for all processes that share a cache. */
export const BUILD_ENV: ReadonlySet<string> = new Set(['NODE_ENV', 'MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL']);

/** Whether `owners` has `name` with this owner. */
export function isOwned(owners: Owners, name: string, owner: string | undefined): boolean {
  return owner !== undefined && Object.hasOwn(owners, name) && owners[name]?.includes(owner) === true;
}
