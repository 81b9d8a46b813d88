// Rules that need all files: through `cachekit check` and `cachekit build` on a small project.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../transformer/cli/run-cli.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const DATA = `/** @cache.production ttl=1m tags=rate:$code */
export async function getRate(code: string): Promise<{ rate: number; list: number[]; days: Map<string, number> }> {
  return { rate: code.length, list: [], days: new Map() };
}
/** @cache.secure */
export async function loadPatient(id: number): Promise<{ name: string }> { return { name: String(id) }; }
/** @cache.production share tags=shared */
export async function frozen(): Promise<{ list: number[] }> { return { list: [] }; }
`;

const OUTER = `import * as data from './data.js';
import { loadPatient } from './data.js';
/** @cache.production ttl=1h */
export async function prices(code: string): Promise<number> { return (await data.getRate(code)).rate; }
/** @cache.production ttl=30s */
export async function short(code: string): Promise<number> { return (await data.getRate(code)).rate; }
/**
 * @cache.production ttl=1h
 * @cacheAllow CK2018 the old rate is good enough
 */
export async function wanted(code: string): Promise<number> { return (await data.getRate(code)).rate; }
/** @cache.production */
export async function board(id: number): Promise<string> { await loadPatient(1); return (await loadPatient(id)).name; }
/** @cache.secure */
export async function file(id: number): Promise<string> { return (await loadPatient(id)).name; }
/** @cache.production */
export async function warm(id: number): Promise<number> { await loadPatient(id); return id; }
`;

const CALLERS = `import { getRate as rate, frozen } from './data.js';
export async function writes(): Promise<number[]> {
  const one = await rate('a');
  one.rate = 2;
  one.list.sort();
  one.list[0]++;
  delete (one as { rate?: number }).rate;
  const { list, days } = await rate('b');
  list.push(1);
  days.set('x', 1);
  for (const item of [one]) item.rate = 3;
  (await rate('c')).list.reverse();
  Object.assign(one, { rate: 4 });
  // @cacheAllow CK2009 my own copy
  one.list.fill(0);
  // @cacheAllow CK2009 there is none
  return one.list;
}
export async function fine(): Promise<number[]> {
  const one = await rate('a');
  const copy = [...one.list];
  copy.sort();
  let other = await rate('b');
  other = { ...other };
  other.rate = 1;
  const { rate: _rate, ...rest } = await rate('c');
  rest.list = [];
  (await frozen()).list.push(1);
  const sorted = one.list.toString();
  return copy.concat(sorted.length);
}
`;

const TAGS = `import { getRate } from './data.js';
/**
 * @cacheInvalidate tag:rates:$code
 * @cacheInvalidate tag:rate:$code
 * @cacheInvalidate getRate(code)
 */
export async function save(code: string): Promise<void> { await Promise.resolve(code); }
/**
 * @cacheInvalidate tag:elsewhere
 * @cacheAllow CK2019 another service writes it
 */
export async function other(): Promise<void> { await Promise.resolve(); }
`;

const MIXED = `/** @cache.production */
export function currency(country: string): string | Promise<string> { return country === 'de' ? 'eur' : Promise.resolve('usd'); }
export function size(of: string): number;
export function size(of: readonly string[]): Promise<number>;
/** @cache.production */
export function size(of: string | readonly string[]): number | Promise<number> { return typeof of === 'string' ? of.length : Promise.resolve(of.length); }
`;

const AT_ONCE = `import { currency, size } from './mixed.js';
declare function log(...values: unknown[]): void;
export const same = currency('de') === 'eur';
export const text = () => \`in \${currency('de')}\`;
export const sure = () => (currency('de') as string).length;
export function branch(): number { if (currency('fr')) return 1; return 2; }
export function narrowed(): number { const it = currency('de'); return typeof it === 'string' ? it.length : 0; }
export const known = (): number => size('abc') + 1;
export function kept(): number { const n = size('abc'); return n; }
export const given = (): number => size('abc');
export async function fine(): Promise<void> {
  log((await currency('de')) === 'eur', await size('abc'), await Promise.all([currency('de'), size('abc')]));
  const it = currency('de');
  log(typeof it === 'string' ? it.length : (await it).length);
  const other = currency('fr');
  if (other instanceof Promise) other.then(log);
  else log(other.length);
  currency('fr');
  void size('abc');
  const later = size('abc');
  log((await later) + 1, currency('fr'));
}
export const passed = () => currency('fr');
export async function flat(): Promise<number> { return size('abc'); }
`;

let project: SmallProject;
beforeAll(() => {
  project = smallProject(
    {
      'data.ts': DATA,
      'outer.ts': OUTER,
      'callers.ts': CALLERS,
      'tags.ts': TAGS,
      'mixed.ts': MIXED,
      'at-once.ts': AT_ONCE,
    },
    { lib: ['es2022'] },
  );
});
afterAll(() => project.remove());

async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number | undefined; readonly out: string }> {
  let out = '';
  const add = (text: string) => (out += text);
  const print = (text: string) => add(`${text}\n`);
  const code = await runCli([...args], { cwd: project.path, colour: false, print, error: print, write: add });
  return { code, out };
}

interface Found {
  readonly code: string;
  readonly file: string;
  readonly message: string;
}

const PROGRAM = ['CK1101', 'CK1307', 'CK2009', 'CK2018', 'CK2019', 'CK2015'];

describe('check', () => {
  let found: readonly Found[];
  let exit: number | undefined;
  beforeAll(async () => {
    const { code, out } = await run('check', '--format', 'json');
    exit = code;
    found = (JSON.parse(out) as { diagnostics: readonly Found[] }).diagnostics.filter((one) =>
      PROGRAM.includes(one.code),
    );
  });
  const messages = (code: string) => found.filter((one) => one.code === code).map((one) => one.message);

  it('fails for a secure result in a readable entry, and only where it is used', () => {
    expect(exit).toBe(1);
    expect(messages('CK1307')).toEqual([
      "'board' (profile production) uses the result of secure 'loadPatient' and would store it readable.",
    ]);
  });

  it('warns of an entry that outlives its parts', () => {
    expect(messages('CK2018')).toEqual(["'prices' (ttl 1h) outlives cached callee 'getRate' (ttl 1m)."]);
  });

  it('warns of writes to results, in files without a marker', () => {
    const writes = messages('CK2009').map((text) => /^'(.*)' changes/.exec(text)?.[1]);
    expect(writes).toEqual([
      'one.rate = 2',
      'one.list.sort()',
      'one.list[0]++',
      'delete (one as { rate?: number }).rate',
      'list.push(1)',
      "days.set('x', 1)",
      "(await rate('c')).list.reverse()",
      'Object.assign(one, { rate: 4 })',
    ]);
  });

  it('fails for what uses a promise as its value, and for no other use', () => {
    const uses = messages('CK1101').map((text) => /^'(.*)' uses at once what '(\w+)'/.exec(text)?.slice(1));
    expect(uses).toEqual([
      ["currency('de') === 'eur'", 'currency'],
      ["currency('de')", 'currency'],
      ["currency('de') as string", 'currency'],
      ["currency('fr')", 'currency'],
      ['it.length', 'currency'],
      ["size('abc')", 'size'],
      ['n', 'size'],
      ["size('abc')", 'size'],
    ]);
  });

  it('warns of a tag that nothing writes', () => {
    expect(messages('CK2019')).toEqual([
      "Tag 'rates:$code' is invalidated but no cached function here writes it. Did you mean 'rate:$code'?",
    ]);
  });

  it('says which suppression of these is unused, and no other', () => {
    expect(found.filter((one) => one.code === 'CK2015').map((one) => one.file)).toEqual(['callers.ts']);
  });
});

it('build says the same', async () => {
  const { code, out } = await run('build', '--noEmit');
  expect(code).toBe(1);
  const codes = [...out.matchAll(/ (CK\d{4}): /g)]
    .map((match) => match[1] ?? '')
    .filter((one) => PROGRAM.includes(one));
  const count = (one: string) => codes.filter((code) => code === one).length;
  expect(Object.fromEntries(PROGRAM.map((one) => [one, count(one)]))).toEqual({
    CK1101: 8,
    CK1307: 1,
    CK2009: 8,
    CK2018: 1,
    CK2019: 1,
    CK2015: 1,
  });
});

it('ls lists the writers', async () => {
  const { out } = await run('ls');
  expect(out).toContain('save  tags.ts:7  invalidates tag:rates:$code, tag:rate:$code, getRate(code)\n');
});
