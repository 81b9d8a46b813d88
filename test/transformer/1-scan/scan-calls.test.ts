// Which calls are markers, what their options are, and what cannot be read.
import { describe, expect, it, test } from 'vitest';
import { oneMarker, optionsOf, problemsOf, scanSource, textAt } from './scan-source.ts';

const IMPORT = "import { cached } from 'cachekit';\n";
const FN = 'async (id: number) => id';

describe('a call is a marker', () => {
  test.each([
    ['by name', `${IMPORT}const f = cached(${FN});`],
    ['renamed', `import { cached as c } from 'cachekit'; const f = c(${FN});`],
    ['through a namespace', `import * as ck from 'cachekit'; const f = ck.cached(${FN});`],
    ['through an import of CommonJS', `import ck = require('cachekit'); const f = ck.cached(${FN});`],
    ['required', `const { cached: c } = require('cachekit'); const f = c(${FN});`],
    ['required in whole', `const ck = require('cachekit'); const f = ck.cached(${FN});`],
    ['beside other imports', `import { type Codec, cached } from "cachekit"; const f = cached(${FN});`],
    ['of a function expression', `${IMPORT}const f = cached(async function (id: number) { return id });`],
    ['in parentheses, with a type', `${IMPORT}const f = (cached(((${FN}) satisfies Fn), {})) as Fn;`],
    ['with type arguments', `${IMPORT}const f = cached<Fn>(${FN});`],
  ])('%s', (_, source) => {
    const marker = oneMarker(source);
    expect(marker.kind).toBe('call');
    expect(marker.target).toMatchObject({ qualifiedName: 'f', reach: 'f', params: [{ names: ['id'] }] });
    expect(textAt(source, marker.range)).toMatch(/^(?:ck\.)?c/);
  });

  test.each([
    ['of another module', `import { cached } from './mine.ts'; const f = cached(${FN});`],
    ['of a local function', `function cached(f) { return f } const f = cached(${FN});`],
    ['of a parameter', `${IMPORT}function make(cached) { return cached(${FN}) }`],
    ['of a shadowing variable', `${IMPORT}{ const cached = (f) => f; cached(${FN}) }`],
    ['of a shadowing var', `${IMPORT}function g() { cached(${FN}); { var cached = (f) => f } }`],
    ['of another require', `const { cached } = require('./mine'); const f = cached(${FN});`],
    ['of an own require', `const require = (x) => x; const { cached } = require('cachekit'); cached(${FN});`],
    ['of another export', `import { cacheOf } from 'cachekit'; cacheOf(${FN});`],
    ['of a type-only import', `import type { cached } from 'cachekit'; type C = typeof cached;`],
    ['of a property with the name', `${IMPORT}const f = other.cached(${FN});`],
  ])('not %s', (_, source) => {
    expect(scanSource(source)).toEqual({ markers: [], refused: [], allows: [], writers: [], problems: [] });
  });

  test.each([
    ['const o = { rate: cached(FN) };', 'o.rate', 'o.rate'],
    ['class A { load = cached(FN); }', 'A.load', undefined],
    ['class A { static load = cached(FN); }', 'A.load', 'A.load'],
    ['export default cached(FN);', 'default', undefined],
    ['function make(t) { const inner = cached(FN); return inner }', 'make.inner', undefined],
    ['namespace N { export const f = cached(FN); }', 'N.f', 'N.f'],
    ['let f = cached(FN);', 'f', undefined],
    ['register(cached(async function load() {}));', 'load', undefined],
    ['register(cached(FN, { name: "x" }));', undefined, undefined],
    ['async function load() {} const f = cached(load);', 'f', 'f'],
  ])('%s is held by %s', (source, qualifiedName, reach) => {
    expect(oneMarker(IMPORT + source.replace('FN', FN)).target).toMatchObject({ qualifiedName, reach });
  });

  it('has the place for the generated argument', () => {
    const source = `${IMPORT}const a = cached(${FN}); const b = cached(${FN}, { ttl: 1 },); const c = cached(${FN} // x\n)`;
    const calls = scanSource(source).markers.map(({ call }) => call);
    expect(calls).toMatchObject([
      { argCount: 1, trailingComma: false },
      { argCount: 2, trailingComma: true },
      { argCount: 1, trailingComma: false },
    ]);
    expect(calls.map((call) => source[call?.argsEnd ?? 0])).toEqual([')', ')', ')']);
  });

  it('takes captured loop variables and keeps recursion out of the captures', () => {
    const source = `${IMPORT}for (const t of ts) { const f = cached(async (id) => (id ? f(id - 1) : t)); }`;
    expect(oneMarker(source).target.captures).toMatchObject([{ name: 't', reassigned: false }]);
  });

  it('points at the declaration when the argument is a name', () => {
    const source = `${IMPORT}function load(a: string): void; function load(a: any) { return a }\nexport const f = cached(load);`;
    const { target } = oneMarker(source);
    expect(textAt(source, target.node).trim()).toBe('function load(a: any) { return a }');
    expect(target.form).toBe('function');
  });
});

describe('options', () => {
  const options = (text: string, before = '') =>
    optionsOf(`${IMPORT}${before}\nconst f = cached(${FN}, ${text});`);
  it('are evaluated from literals, constants and arithmetic', () => {
    expect(
      options(
        `{ ttl: 60 * TTL, jitter: -(0.5 - 1) + 0, name: \`n\` + "!", lock: false, share: true, 'max-size': '1' + '2',
           ignore: ['a', B], key: (id) => id, unless() { return true }, when: check, backend: B, version: ((3 as const)) }`,
        `const TTL = 5, B = 'b' as const; function check() { return true }`,
      ),
    ).toEqual({
      profile: undefined,
      ttl: 300,
      jitter: 0.5,
      name: 'n!',
      lock: false,
      share: true,
      'max-size': '12',
      ignore: ['a', 'b'],
      key: 'code',
      unless: 'code',
      when: 'code',
      backend: 'b',
      version: 3,
    });
  });
  it('have their names as in a comment', () => {
    expect(options('{ staleIfError: "1h", refreshTtlOnGet: true, l1: false }')).toEqual({
      profile: undefined,
      'stale-if-error': '1h',
      'refresh-ttl-on-get': true,
      l1: false,
    });
  });
  it('come from `as const` objects, in whole, by property and by spread', () => {
    const before = `const CFG = { ttl: 5, name: 'n' } as const; const D = { ttl: 1, ...CFG, lock: true } as const;`;
    expect(options('CFG', before)).toEqual({ profile: undefined, ttl: 5, name: 'n' });
    expect(options('{ ttl: CFG.ttl }', before)).toEqual({ profile: undefined, ttl: 5 });
    expect(options('{ ttl: 2, ...D, name: "m" }', before)).toEqual({
      profile: undefined,
      ttl: 5,
      name: 'm',
      lock: true,
    });
  });
  it('that are undefined are not there', () => {
    expect(options('{ ttl: undefined }')).toEqual({ profile: undefined });
  });
  it('that a run evaluates may be anything', () => {
    expect(options('{ key: imported, serializer: make(), backend: slow.one }')).toEqual({
      profile: undefined,
      key: 'code',
      serializer: 'code',
      backend: 'code',
    });
  });
  test.each([
    [`cached.production(${FN})`, 'production'],
    [`cached['secure'](${FN})`, 'secure'],
    [`cached(${FN}, { profile: 'reports' })`, 'reports'],
    [`cached(${FN}, { profile: P })`, 'dev'],
  ])('name the profile: %s', (call, profile) => {
    const source = `${IMPORT}const P = 'dev';\nconst f = ${call};`;
    const { directive } = oneMarker(source);
    expect(directive).toMatchObject({ profile, options: [] });
  });
});

describe('problems', () => {
  const problem = (source: string) =>
    scanSource(IMPORT + source).problems.map(
      ({ code, args }) => `${code} ${args['what'] ?? args['name'] ?? ''}`,
    );
  test.each([
    ['const f = cached();', 'CK1015 nothing'],
    ['const f = cached(make());', 'CK1015 the result of a call'],
    ['const f = cached(obj.load);', 'CK1015 a property'],
    ['const f = cached(...args);', 'CK1015 a spread'],
    ["import { load } from './x.ts'; const f = cached(load);", "CK1015 the imported 'load'"],
    ['function g(load) { const f = cached(load); }', "CK1015 the parameter 'load'"],
    ['let load = async () => 1; const f = cached(load);', "CK1015 'load', which can be reassigned"],
    ['declare function load(): void; const f = cached(load);', "CK1015 'load', which has no body"],
    ['const f = cached(unknown);', "CK1015 'unknown'"],
    ['const c = cached;', "CK1015 nothing: 'cached' is not called here"],
    ['list.map(cached.production);', "CK1015 nothing: 'cached' is not called here"],
    ['const f = cached(async () => 1, opts);', 'CK1018 no object literal'],
    ['const opts = { ttl: 1 }; const f = cached(async () => 1, opts);', 'CK1018 no object literal'],
    ['const f = cached(async () => 1, { ...opts });', 'CK1018 no object literal'],
    ['const f = cached(async () => 1, { [k]: 1 });', 'CK1018 no object literal'],
    ['const f = cached(async () => 1, { ttl: ttl() });', "CK1018 the computed 'ttl()'"],
    ['let ttl = 1; const f = cached(async () => 1, { ttl });', "CK1018 the computed 'ttl'"],
    [
      'const f = cached(async () => 1, { get ttl() { return 1 } });',
      "CK1018 the computed 'get ttl() { return 1 }'",
    ],
    ['const a = b, b = a; const f = cached(async () => 1, { ttl: a });', "CK1018 the computed 'a'"],
    ['const f = cached(async () => 1, { profile: pick() });', "CK1018 the computed 'pick()'"],
    ['register(cached(async () => 1));', 'CK1016 '],
    ['/** @cache */ const f = cached(async () => 1);', 'CK1009 f'],
    ['/** @cache */ async function load() {} const f = cached(load);', 'CK1009 load'],
  ])('%s → %s', (source, expected) => {
    expect(problem(source)).toEqual([expected]);
    expect(scanSource(IMPORT + source).markers).toEqual([]);
  });
  it('of duplicates show both', () => {
    const source = `${IMPORT}const f = cached.dev(async () => 1, { ttl: 1, profile: 'x', ttl: 2 });`;
    expect(problemsOf(source)).toEqual(["CK1004 profile: 'x'", 'CK1004 ttl: 2']);
  });
  it('of a comment and a call are both told, also where the call has an error of its own', () => {
    const source = `${IMPORT}/** @cache */ const f = cached(async () => 1, options);`;
    const found = scanSource(source).problems.map(({ code }) => code);
    expect(found.toSorted()).toEqual(['CK1009', 'CK1018']);
  });
  it('are shown at the call where the function has a name of its own elsewhere', () => {
    const source = `${IMPORT}async function load() {} register(cached(load));`;
    const [found] = scanSource(source).problems;
    expect(found?.code).toBe('CK1016');
    expect(source.slice(found?.range.start).startsWith('cached(load)')).toBe(true);
  });
  it('leave the other markers of the file alone', () => {
    const source = `${IMPORT}const bad = cached(x); /** @cache */ async function good() {} const fine = cached(async () => 1);`;
    expect(scanSource(source).markers.map(({ target }) => target.qualifiedName)).toEqual(['good', 'fine']);
  });
});
