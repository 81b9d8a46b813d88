// A hit equals a miss: whole programs, compiled as a user compiles them, over real stores.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, expect, inject, test } from 'vitest';
import { measured } from '../helpers/measured.ts';
import { tempApp, type TempApp } from '../helpers/temp-app.ts';

let app: TempApp | undefined;
afterEach(() => app?.remove());

function made(files: Readonly<Record<string, string>>): TempApp {
  app = tempApp(files);
  app.build();
  return app;
}

const EVERYTHING = `
interface Tree { value: number; children: Tree[] }
type Event = { kind: 'opened'; at: Date } | { kind: 'closed'; reason: string };
export enum Level { Low = 1, High = 9 }
export interface Everything {
  text: string; illFormed: string; negativeZero: number; notANumber: number; infinite: number; large: number;
  big: bigint; date: Date; invalidDate: Date; map: Map<string, Date>; set: Set<number>; bytes: Uint8Array;
  floats: Float64Array; buffer: Buffer; pair: [number, string?]; missing?: string; explicit: string | undefined;
  nothing: null; event: Event; tree: Tree; record: Record<string, number>; level: Level; yes: boolean;
  open: unknown; nested: Map<number, { seen: Set<string> }>[];
}
export function make(seed: number): Everything {
  return {
    text: 'grüezi ' + seed, illFormed: 'a\\uD800b', negativeZero: -0, notANumber: NaN, infinite: -Infinity, large: 2 ** 60,
    big: -(2n ** 70n), date: new Date(1234567890123 + seed), invalidDate: new Date(NaN), map: new Map([['b', new Date(1)], ['a', new Date(-1)]]),
    set: new Set([3, 1, 2]), bytes: new Uint8Array([0, 255, seed]), floats: new Float64Array([0.1, -0, NaN]), buffer: Buffer.from('hello'),
    pair: [seed], explicit: undefined, nothing: null, event: { kind: 'opened', at: new Date(5) },
    tree: { value: 1, children: [{ value: 2, children: [] }] }, record: { ['constructor']: 1, 'a b': 2 }, level: Level.High, yes: true,
    open: { any: [1, new Map([[1, undefined]]), { deep: 1n }] }, nested: [new Map([[1, { seen: new Set(['x']) }]])],
  };
}
`;

/** A process waits for the second tier to be loaded only so long: on a busy machine its first call may be a miss. */
const WARM = `
import { cacheOf as handleOf, configure, flush } from 'cachekit';
/** @cache.production ttl=1h namespace=warm */
async function warm(n: number): Promise<number> { return n; }
configure({ namespaces: { warm: { l1: false } } });
for (let i = 0; i < 200 && (await handleOf(warm).peek(0)) === undefined; i++) { await warm(0); await flush(); }
`;

const VALUES_APP = {
  'src/values.ts': `${EVERYTHING}
export let runs = 0;
/** @cache.production ttl=1h */
// @cacheAllow CK2006 the open part is what this program is about
export async function everything(seed: number): Promise<Everything> { runs++; return make(seed); }
`,
  'src/main.ts': `
import { isDeepStrictEqual } from 'node:util';
import { cacheOf, close } from 'cachekit';
import { everything, make, runs } from './values.ts';
${WARM}
const text = (value: unknown) => JSON.stringify(value, (_name, part) => (typeof part === 'bigint' ? String(part) : part));
const same = (value: unknown) => isDeepStrictEqual(value, make(1)) && text(value) === text(make(1));
const results = [await everything(1), await everything(1), await everything(1)];
const equal = results.map(same);
results[0]!.map.clear(); results[1]!.tree.children.length = 0; results[1]!.bytes[0] = 9;
const afterMutation = same(await everything(1));
const stats = cacheOf(everything).stats();
await close();
console.log(JSON.stringify({ runs, equal, afterMutation, memory: stats.l1Hits, backend: stats.l2Hits, kinds: Object.keys(make(1)).length }));
`,
};

interface Seen {
  readonly runs: number;
  readonly equal: readonly boolean[];
  readonly afterMutation: boolean;
  readonly memory: number;
  readonly backend: number;
  readonly kinds: number;
}

test('a hit equals a miss in every tier', (context) => {
  const { run } = made(VALUES_APP);
  const allEqual = [true, true, true];
  for (const env of [
    {},
    { CACHEKIT_REDIS_URL: inject('redisUrl'), CACHEKIT_KEY_PREFIX: `h1-${process.pid}` },
  ]) {
    expect(run<Seen>('main.js', env)).toMatchObject({ runs: 1, equal: allEqual, backend: 0, memory: 3 });
    expect(run<Seen>('main.js', env)).toMatchObject({ runs: 0, equal: allEqual, backend: 1, memory: 3 });
  }
  measured(context, 'every kind deep-equal with equal prototypes: memory, embedded, Redis');
});

test("a caller who changes a result changes nobody else's", (context) => {
  const { run } = made(VALUES_APP);
  for (const env of [{}, {}, { CACHEKIT_BACKEND: 'none' }]) {
    expect(run<Seen>('main.js', env).afterMutation).toBe(true);
  }
  measured(context, 'changed results of a miss and of hits; the next caller saw the original');
});

const versioned = (type: string, value: string): Record<string, string> => ({
  'src/main.ts': `
import { close } from 'cachekit';
${WARM}
export interface Thing ${type}
let runs = 0;
/** @cache.production ttl=1h name=thing */
async function thing(id: number): Promise<Thing> { runs++; return ${value}; }
const value = await thing(1);
await close();
console.log(JSON.stringify({ runs, value }));
`,
});

test('a changed return type is a miss', (context) => {
  const changing = made(versioned('{ id: number }', '{ id }'));
  expect(changing.run('main.js')).toEqual({ runs: 1, value: { id: 1 } });
  expect(changing.run('main.js')).toEqual({ runs: 0, value: { id: 1 } });
  changing.write('src/main.ts', versioned('{ id: string }', '{ id: `${id}` }')['src/main.ts']!);
  changing.build();
  expect(changing.run('main.js')).toEqual({ runs: 1, value: { id: '1' } });
  measured(context, 'old entry not used, function ran again');
});

test('an edited body is a miss in development', (context) => {
  const development = { NODE_ENV: 'development' };
  const editing = made(versioned('{ id: number }', '{ id }'));
  expect(editing.run('main.js', development)).toEqual({ runs: 1, value: { id: 1 } });
  expect(editing.run('main.js', development)).toEqual({ runs: 0, value: { id: 1 } });
  editing.write('src/main.ts', versioned('{ id: number }', '{ id: id + 1 }')['src/main.ts']!);
  editing.build();
  expect(editing.run('main.js', development)).toEqual({ runs: 1, value: { id: 2 } });
  measured(context, 'old result not used, new body ran');
});

const FLIP_APP = {
  'src/main.ts': `
import { isDeepStrictEqual } from 'node:util';
import { cacheOf, close, configure, flush } from 'cachekit';
import { Redis } from 'ioredis';
interface Order { id: number; name: string; placed: Date; lines: string[] }
const make = (id: number): Order => ({ id, name: 'n'.repeat(20), placed: new Date(1e12), lines: ['a', 'b'] });
let runs = 0;
/** @cache.production ttl=1h */
async function plain(id: number): Promise<Order> { runs++; return make(id); }
/** @cache.secure ttl=1h */
async function sealed(id: number): Promise<Order> { runs++; return make(id); }
configure({ l1: false });
const redis = new Redis(process.env['CACHEKIT_REDIS_URL']!);
let flips = 0, wrong = 0, hits = 0, errors = 0;
for (const order of [plain, sealed]) {
  const key = cacheOf(order).key(1);
  // On a busy machine the first calls do not wait for the second tier, and store nothing.
  for (let i = 0; i < 200 && (await redis.exists(key)) === 0; i++) { await order(1); await flush(); }
  const bytes = await redis.getBuffer(key);
  if (bytes === null) throw new Error('nothing was stored');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes); changed[at]! ^= 1 << (at % 8);
    await redis.set(key, changed);
    const before = runs; flips++;
    try { if (!isDeepStrictEqual(await order(1), make(1))) wrong++; } catch { errors++; }
    if (runs === before) hits++;
    await flush(); // the miss writes a good entry: not over the next flipped one
  }
}
redis.disconnect();
await close();
console.log(JSON.stringify({ flips, wrong, hits, errors }));
`,
};

test('a flipped byte is a miss', (context) => {
  const flipped = made(FLIP_APP).run<{ flips: number; wrong: number; hits: number; errors: number }>(
    'main.js',
    {
      CACHEKIT_REDIS_URL: inject('redisUrl'),
      CACHEKIT_KEY_PREFIX: `h4-${process.pid}`,
      CACHEKIT_MASTER_KEY: `ck1_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')}`,
    },
  );
  expect(flipped).toMatchObject({ wrong: 0, hits: 0, errors: 0 });
  expect(flipped.flips).toBeGreaterThan(200);
  measured(
    context,
    `${flipped.flips} flipped bytes, plain and secure: ${flipped.wrong} wrong, ${flipped.errors} errors`,
  );
}, 60_000);

test('a corrupt embedded file is a miss and is made anew', (context) => {
  const { run, folder } = made(VALUES_APP);
  run('main.js');
  const store = join(folder, 'store');
  const file = readdirSync(store).find((name) => /\.(db|sqlite)$/.test(name))!;
  for (const side of readdirSync(store)) if (side !== file) writeFileSync(join(store, side), '');
  writeFileSync(join(store, file), Buffer.from('this is no database at all '.repeat(400)));
  expect(run<Seen>('main.js')).toMatchObject({ runs: 1, equal: [true, true, true] });
  expect(run<Seen>('main.js')).toMatchObject({ runs: 0, equal: [true, true, true] });
  expect(readdirSync(store).some((name) => name.includes('.bad-'))).toBe(true);
  measured(context, 'miss, file put aside, hits again from the new file');
});

/** Put together at run time, so that the source of the program does not hold them. */
const SECRET_ARGUMENT = 'canary-7f3a91-secret';
const SECRET_VALUE = 'canary-52c8e0-secret';
const SECRET_APP = {
  'src/main.ts': `
import { cacheOf, close, flush } from 'cachekit';
import { writeHeapSnapshot } from 'node:v8';
interface Profile { email: string; note: string }
let runs = 0;
const secret = (middle: string): string => ['canary', middle, 'secret'].join('-');
/** @cache ttl=1h */
async function userProfile(login: string): Promise<Profile> { runs++; const text = secret('52c8e0'); return { email: text + '@example.com', note: text }; }
const handle = cacheOf(userProfile);
// A function of its own: what its frame holds is gone when it has ended.
async function twice(login: string): Promise<void> { await userProfile(login); await userProfile(login); }
// On a busy machine the first calls do not wait until the cipher is loaded: they are misses.
for (let i = 0; i < 200 && handle.stats().l1Hits === 0; i++) { await twice('anybody'); await flush(); }
const before = { runs, hits: handle.stats().l1Hits };
await twice(secret('7f3a91'));
globalThis.gc?.();
writeHeapSnapshot(process.env['HEAP_WHILE_WRITING']!);
await flush();
globalThis.gc?.();
writeHeapSnapshot(process.env['HEAP']!);
await close();
console.log(JSON.stringify({ runs: runs - before.runs, profile: handle.profile, memory: handle.stats().l1Hits - before.hits }));
`,
};

test('nothing secret is stored in clear', async (context) => {
  const { run, folder } = made(SECRET_APP);
  const masterKey = `ck1_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')}`;
  const prefix = `p1-${process.pid}`;
  const heap = join(folder, 'heap.heapsnapshot');
  const heapWhileWriting = join(folder, 'writing.heapsnapshot');
  const env = {
    CACHEKIT_MASTER_KEY: masterKey,
    CACHEKIT_KEY_PREFIX: prefix,
    HEAP: heap,
    HEAP_WHILE_WRITING: heapWhileWriting,
    NODE_OPTIONS: '--expose-gc',
  };
  const holds = (bytes: Buffer | string): boolean =>
    bytes.includes(SECRET_ARGUMENT) || bytes.includes(SECRET_VALUE);
  for (const backend of [{}, { CACHEKIT_REDIS_URL: inject('redisUrl') }]) {
    expect(run('main.js', { ...env, ...backend })).toEqual({ runs: 1, profile: 'secure', memory: 1 });
    // A write that waits for a slow store has to know its key, and nothing else in the clear.
    expect(readFileSync(heapWhileWriting).includes(SECRET_VALUE)).toBe(false);
    expect(holds(readFileSync(heap))).toBe(false);
  }
  const files = readdirSync(join(folder, 'store')).map((name) => readFileSync(join(folder, 'store', name)));
  expect(files.some((bytes) => bytes.length > 1000)).toBe(true);
  expect(files.some(holds)).toBe(false);
  const redis = new Redis(inject('redisUrl'));
  const keys = await redis.keys(`${prefix}*`);
  const bytes = await Promise.all(keys.map((key) => redis.getBuffer(key).catch(() => null)));
  redis.disconnect();
  expect(keys.length).toBeGreaterThan(0);
  expect([...keys, ...bytes].some((stored) => stored !== null && holds(stored))).toBe(false);
  measured(context, '0 traces in Redis keys and values, store files and heap snapshots');
}, 120_000);
