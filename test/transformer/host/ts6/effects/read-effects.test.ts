// What a marked function reads besides its arguments and does besides answering, by the checker: one program for all.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { EffectKind } from '../../../../../transformer/2-shape/effect.ts';
import type { CachePlan } from '../../../../../transformer/3-plan/cache-plan.ts';
import { createSourceCompiler } from '../../../../../transformer/host/compile-source.ts';
import { resolveOptions } from '../../../../../transformer/options.ts';
import { testProgram } from '../../../2-shape/typescript-program.ts';

const HEAD = `
import { randomUUID as freshId, createHash } from 'node:crypto';
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import { env as variables } from 'node:process';
import { cookies as jar } from 'next/headers';
import * as next from 'next/headers';
import { v4 } from 'uuid';
import { tenant, unrelated } from './context.ts';

const store = new AsyncLocalStorage<string>();
const bus = new EventEmitter();
const start = Date.now();
let count = 0;
let fixed = 1;
let early = 1;
if (start > 0) early = 2;
let client: { query(id: number): string } | undefined;
let lazy: string | undefined;
let later: string | undefined;
let first: string | undefined;
const seen = new Map<number, string>();
const table = { a: 1 };
const stable = { a: 1 };
const looped = { a: 1, key: '' };
const settings = { region: 'eu' };
const weak = new WeakMap<object, string>();
namespace Inner { export let level = 1; export function up() { level++; } }

export function change(): void {
  count += 1;
  client = undefined;
  seen.clear();
  settings.region = 'us';
  lazy ??= 'x';
  if (later === undefined) later = 'x';
}
function getFirst(): string {
  if (first) return first;
  first = 'x';
  return first;
}
class Clock { now() { return 1; } }
const own = new Clock();
function stamp(): number { return Date.now() + deeper(); }
const deeper = (): number => Math.random();
function fill(list: number[]): number[] { list.push(1); return list; }
function fallback(): number[] { try { return JSON.parse('[]') as number[]; } catch { return []; } }
/** @cache.production */
async function cachedClock(): Promise<number> { return Date.now(); }
/** Unlike a function with @cache, it is not cached. */
function spokenOf(): number { return Date.now(); }
/** @cacheAllow CK2001 for a reason */
function allowed(): number { return Date.now(); }
class Helper { static at(): number { return performance.now(); } }
`;

const CONTEXT = `
import { AsyncLocalStorage } from 'node:async_hooks';
const store = new AsyncLocalStorage<string>();
export function tenant(): string { return inner() ?? ''; }
function inner() { return store.getStore(); }
export function unrelated(): number { console.log('x'); return Date.now(); }
`;

const ALL: EffectKind[] = ['clock', 'env', 'state', 'request', 'write', 'output', 'fallback', 'freeze'];

/** Name → parameters and body, and what is found. */
const cases: readonly (readonly [what: string, code: string, found: readonly string[]])[] = [
  ['Date.now', 'return Date.now();', ['clock Date.now()']],
  [
    'new Date without an argument',
    'return new Date().getTime() + Date().length;',
    ['clock new Date()', 'clock Date()'],
  ],
  ['a Date of something', 'return new Date(id).getTime() + Date.UTC(2000) + Date.parse("2000");', []],
  ['a helper whose comment mentions the tag', 'return spokenOf();', ['clock Date.now() via spokenOf line']],
  ['a helper with another tag', 'return allowed();', ['clock Date.now() via allowed line']],
  ['a cached helper', 'return await cachedClock();', []],
  ['a Date of its own', 'const Date = { now: () => 1 }; return Date.now();', []],
  ['a method of that name', 'return own.now();', []],
  ['a renamed import', 'return freshId().length;', ['clock freshId()']],
  ['a pure function of the same module', 'return createHash("md5").update("x").digest().length;', []],
  [
    'chance and time of the platform',
    'return Math.random() + performance.now() + Number(process.hrtime.bigint());',
    ['clock Math.random()', 'clock performance.now()', 'clock process.hrtime.bigint()'],
  ],
  ['global crypto', 'return crypto.randomUUID().length;', ['clock crypto.randomUUID()']],
  ['a package that is not there', 'return v4().length;', ['clock v4()']],
  ['the same twice', 'return Date.now() + Date.now();', ['clock Date.now()']],
  ['a callback', 'return [id].map(() => Math.random())[0]!;', ['clock Math.random()']],
  ['a type', 'type T = typeof Date.now; const x: T = () => 1; return x();', []],

  [
    'the environment',
    'return `${process.env.REGION}${process.env["HOST"]}`.length;',
    ['env process.env.REGION', 'env process.env.HOST'],
  ],
  [
    'the environment as a whole',
    'const { REGION } = process.env; return REGION!.length;',
    ['env process.env'],
  ],
  ['an imported environment', 'return variables.REGION!.length;', ['env process.env']],
  ['the kind of build', 'return process.env.NODE_ENV === "production" ? 1 : 2;', []],
  [
    'what a bundler puts in',
    'return import.meta.env.REGION.length + (import.meta.env.MODE === "x" ? 1 : 2);',
    ['env import.meta.env.REGION'],
  ],
  ['a process of its own', 'const process = { env: { A: "x" } }; return process.env.A.length;', []],

  ['a variable that functions change', 'return count;', ['state count']],
  ['shorthand', 'return Object.keys({ count }).length;', ['state count']],
  ['a variable that nothing changes', 'return fixed;', []],
  ['a variable set while the module loads', 'return early;', []],
  ['a client', 'return client!.query(id).length;', []],
  ['values made on first use', 'return `${lazy}${later}${first}`.length;', []],
  ['a map that functions change', 'return seen.get(id)!.length;', ['state seen']],
  ['an object that functions change', 'return settings.region.length;', ['state settings']],
  ['an object that nothing changes', 'return stable.a;', []],
  ['a property of that name', 'return { count: 1 }.count;', []],
  ['a local of that name', 'const count = 2; return count;', []],

  ['next/headers', 'jar(); next.headers(); return 1;', ['request jar()', 'request next.headers()']],
  ['the store of a request', 'return store.getStore()!.length;', ['request store.getStore()']],
  ['a method getStore of its own', 'const redux = { getStore: () => 1 }; return redux.getStore();', []],

  [
    'assignments outside',
    'count = 1; settings.region = "x"; table.a++; return 1;',
    ['write count', 'write settings.region', 'write table.a'],
  ],
  [
    'the default of a pattern',
    'let own: number; ({ own = count } = {} as { own?: number }); return own;',
    ['state count'],
  ],
  [
    'destructuring and loops into variables of the module',
    'const row = { count: id, own: 1 }; let own: number; ({ count, own } = row); [table.a, ...(settings as any).all] = [1, 2]; for (looped.a of [id]); for (looped.key in row); return own;',
    ['write count', 'write table.a', 'write (settings as any).all', 'write looped.a', 'write looped.key'],
  ],
  [
    'deletions and collections',
    'delete (table as any).a; seen.set(1, "x"); return 1;',
    ['write (table as any).a', 'write seen'],
  ],
  ['a memory that goes with its objects', 'weak.set(stable, "x"); return 1;', []],
  ['a lazy value', 'lazy ??= "y"; client ??= undefined; return 1;', []],
  [
    'its own variables',
    'let n = 0; n++; const list = [1]; list.push(2); const o = { a: 1 }; o.a = 2; return n;',
    [],
  ],
  [
    'a console',
    'console.log(id); console.info(id); return 1;',
    ['output console.log', 'output console.info'],
  ],
  ['what is for finding faults', 'console.debug(id); console.warn(id); console.error(id); return 1;', []],
  ['a console of its own', 'const console = { log: (_: number) => 1 }; return console.log(id);', []],
  ['what a catch says', 'try { return id; } catch (error) { console.log(error); throw error; }', []],
  [
    'events, streams and files',
    'bus.emit("x"); process.stdout.write("x"); fs.writeFileSync("x", "y"); return 1;',
    ['output bus.emit', 'output process.stdout.write', 'output fs.writeFileSync'],
  ],
  ['reading a file', 'return fs.readFileSync("x").length;', []],

  [
    'helpers of the file',
    'return stamp();',
    ['clock Date.now() via stamp line', 'clock Math.random() via deeper line'],
  ],
  ['a static method of the file', 'return Helper.at();', ['clock performance.now() via at line']],
  ['a helper that fills what it gets, and has a fallback', 'return fill([]).length + fallback().length;', []],
  ['a helper that makes a value on first use', 'return getFirst().length;', []],
  ['a helper that is cached itself', 'return cachedClock();', []],
  [
    'a helper of another file that reads the request',
    'return tenant().length;',
    ['request store.getStore() via inner context.ts'],
  ],
  ['a helper of another file that reads the clock', 'return unrelated();', []],
  ['recursion', 'return id > 0 ? self(id - 1) : Date.now();', ['clock Date.now()']],

  ['a catch that answers', 'try { return id; } catch { return -1; }', ['fallback -1']],
  [
    'a catch that answers with nothing',
    'try { return id; } catch { return undefined as never; }',
    ['fallback undefined as never'],
  ],
  ['a catch that throws', 'try { return id; } catch (error) { throw error; }', []],
  ['a catch that computes', 'try { return id; } catch { return stampless(id); }', []],
  ['a catch in a callback', 'return [1].map(() => { try { return 1; } catch { return 0; } })[0]!;', []],
  ['a catch of a promise', 'return later2(id).catch(() => 0);', ['fallback 0']],
  ['a catch of a promise that is not the answer', 'await later2(id).catch(() => 0); return 1;', []],
];

const marked = cases
  .map(
    ([, code], index) =>
      `/** @cache.production */\nexport async function f${index}(id: number): Promise<number> { ${code.replaceAll('self(', `f${index}(`)} }`,
  )
  .join('\n');
const main = `${HEAD}
declare function stampless(id: number): number;
declare function later2(id: number): Promise<number>;
${marked}
/** @cache.production */
export async function params(id: number, list: number[], query: { page: number }, { deep }: { deep: number[] }, ...rest: number[]): Promise<number> {
  list.push(1);
  query.page = 2;
  deep.sort();
  rest.push(1);
  id = 3;
  return rest.length;
}
/** @cache.production */
export async function defaults(id: number, at = Date.now(), size = Math.max(1, 2)): Promise<number> { return id + at + size; }
/** @cache.production */
export const frozen = async (id: number): Promise<Readonly<{ id: number }>> => Object.freeze({ id });
export class Counter {
  hits = 0;
  names: string[] = [];
  /** @cache.production self=instance */
  async count(id: number): Promise<number> {
    this.hits++;
    this.names.push('x');
    class Other { n = 0; up() { this.n++; } }
    return id + new Other().n;
  }
}
`;

const program = testProgram({ 'main.ts': main, 'context.ts': CONTEXT });
const { plans } = createSourceCompiler(ts, resolveOptions({}, '').options)(
  program.program,
  program.file('main.ts'),
  [],
) ?? {
  plans: [],
};

function planOf(name: string): CachePlan {
  const plan = plans.find((one) => one.name === name);
  if (plan === undefined) throw new Error(`no plan of ${name}`);
  return plan;
}

/** Without parameters, and without the numbers of lines. */
function found(name: string, kinds: readonly EffectKind[] = ALL): readonly string[] {
  return (planOf(name).signature.effects ?? [])
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, text, via }) => {
      const where = via === undefined ? '' : ` via ${via.name} ${via.place.replace(/[ :]\d+$/, '')}`;
      return `${kind} ${text}${where}`;
    });
}

describe('what the body reads and does', () => {
  it.each(cases.map(([what, , expected], index) => [what, `f${index}`, expected] as const))(
    '%s',
    (_what, name, expected) => {
      expect(found(name)).toEqual(expected);
    },
  );

  it('points at what it says, and at the call that leads to a helper', () => {
    const [clock] = planOf('f0').signature.effects?.filter(({ kind }) => kind === 'clock') ?? [];
    expect(main.slice(clock?.range.start, clock?.range.end)).toBe('Date.now()');
    const index = cases.findIndex(([what]) => what === 'helpers of the file');
    const [, chance] = planOf(`f${index}`).signature.effects ?? [];
    expect(main.slice(chance?.range.start, chance?.range.end)).toBe('stamp()');
  });
});

describe('parameters', () => {
  it('are changed by property and by method, not by assignment; a rest array is the function’s own', () => {
    expect(found('params')).toEqual(['write list', 'write query.page', 'write deep']);
  });

  it('are read where they are more than changed', () => {
    expect(found('params', ['param'])).toEqual(['param rest']);
    expect(found('defaults', ['param'])).toEqual(['param id', 'param at', 'param size']);
  });

  it('have defaults that run', () => {
    expect(found('defaults')).toEqual(['clock Date.now()']);
  });
});

describe('results and objects', () => {
  it('frozen in the expression of an arrow', () => {
    expect(found('frozen')).toEqual(['freeze Object.freeze']);
  });

  it('the object of a method is changed, not those of inner classes', () => {
    expect(found('count')).toEqual(['write this.hits', 'write this.names']);
  });
});
