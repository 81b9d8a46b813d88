// Where a `@cache` counts, where it is warned about, and where it is nothing.
import { describe, expect, it, test } from 'vitest';
import { mayContainMarker } from '../../../transformer/1-scan/may-contain-marker.ts';
import { oneMarker, optionsOf, problemsOf, scanSource, textAt } from './scan-source.ts';

const FN = 'async function f(id: number) { return id }';
const named = (source: string) => scanSource(source).markers.map((marker) => marker.target.qualifiedName);

describe('a marker counts', () => {
  test.each([
    ['in a one-line block', `/** @cache */ ${FN}`],
    ['above the declaration', `/** @cache */\n${FN}`],
    ['over a blank line', `/** @cache */\n\n${FN}`],
    ['without a blank before the end', `/** @cache*/\n${FN}`],
    ['after a description', `/**\n * Loads a user.\n *\n * @cache\n */\n${FN}`],
    ['before other tags', `/**\n * @cache\n * @param id the id\n */\n${FN}`],
    ['without stars', `/**\n  Text.\n  @cache\n*/\n${FN}`],
    ['with CRLF', `/**\r\n * Text.\r\n * @cache\r\n */\r\n${FN}`],
    ['with CR only', `/**\r * @cache\r */\r${FN}`],
    ['after a line comment in between', `/** @cache */\n// oxlint-disable-next-line\n${FN}`],
    ['after a block comment in between', `/** @cache */ /* istanbul ignore next */ ${FN}`],
    ['in the first of two blocks', `/** @cache */\n/** Docs. */\n${FN}`],
    ['in the second of two blocks', `/** Docs. */\n/** @cache */\n${FN}`],
    ['before export', `/** @cache */ export ${FN}`],
    ['after export', `export /** @cache */ ${FN}`],
    ['in JSDoc with a banner', `/*** @cache ***/ ${FN}`],
    ['after a fence that is closed', `/**\n * \`\`\`ts\n * f(1)\n * \`\`\`\n * @cache\n */\n${FN}`],
    [
      'after an @example that another tag ends',
      `/**\n * @example\n * f(1)\n * @returns a\n * @cache\n */\n${FN}`,
    ],
    ['after text in other scripts', `/** Lädt 用户 😀.\n * @cache */\n${FN}`],
    ['after a statement on the same line', `next(); /** @cache */ ${FN}`],
  ])('%s', (_, source) => {
    const marker = oneMarker(source);
    expect(marker.target.qualifiedName).toBe('f');
    expect(textAt(source, marker.range)).toBe('@cache');
  });

  it('before a decorated method and after its decorators', () => {
    const source = `class A {
      /** @cache */ @Log('x') @B async one() {}
      @Log('x') /** @cache */ @B public async two() {}
      @Log('x') @B /** @cache */ async three() {}
    }`;
    expect(named(source)).toEqual(['A.one', 'A.two', 'A.three']);
    expect(problemsOf(source)).toEqual([]);
  });

  it('before members on the line of the brace', () => {
    const source = `const obj = { /** @cache */ m: async () => 1, /** @cache */ async n() {}, /** @cache */ 'a-b': function () {} };
      class A { /** @cache */ load() {} /** @cache */ static s = () => 1 }`;
    expect(named(source)).toEqual(['obj.m', 'obj.n', 'obj.a-b', 'A.load', 'A.s']);
  });

  it('before a function in an expression that names it, and before a return', () => {
    const source = `const f = /** @cache */ async () => 1;
      const g = /** @cache */ (async () => 1) satisfies Fn;
      const o = { m: /** @cache */ async () => 1 };
      function make(t) { /** @cache name=inner */ return async (id) => t + id }
      wrap(/** @cache name=argument */ async () => 1);`;
    expect(named(source)).toEqual(['f', 'g', 'o.m', undefined, undefined]);
    expect(problemsOf(source)).toEqual([]);
  });

  it('in the middle of regular expressions, templates and JSX that look like comments', () => {
    const source = `const a = /[/*]/; const b = \`// \${/** x */ 1} /* \`; const c = 4 / 2; // '
      const d = <p title="/**
        @cache */">// it's /** @cache */ text</p>;
      /** @cache */ export ${FN}`;
    expect(scanSource(source, '/src/a.tsx').markers).toHaveLength(1);
    expect(scanSource(source, '/src/a.tsx').problems).toEqual([]);
  });
});

describe('a marker that cannot count is warned about (CK2014)', () => {
  test.each([
    ['line comment', `// @cache\n${FN}`],
    ['line comment with options', `// @cache ttl=5m\n${FN}`],
    ['line comment with a sentence, but right above a function', `// @cache for a while\n${FN}`],
    ['triple slash', `/// @cache\n${FN}`],
    ['block comment', `/* @cache */\n${FN}`],
    ['block comment over lines', `/*\n * @cache ttl=1m\n */\n${FN}`],
    ['trailing line comment', `let x = 1; // @cache ttl=5m`],
    ['before a statement', `/** @cache */ run();`],
    ['before an immediately called function', `/** @cache */ (async () => 1)();`],
    ['at the end of the file', `${FN}\n/** @cache */`],
    ['inside an empty body', `function f() { /** @cache */ }`],
    ['at the end of a line of code', `run(); /** @cache */\n${FN}`],
    ['after a sentence', `/** Loads a user. @cache */ ${FN}`],
    ['after a sentence, with options', `/** Loads a user: @cache ttl=5m */ ${FN}`],
    ['after another tag, with options', `/** @returns the user @cache ttl=5m */ ${FN}`],
    ['twice in a line', `/** @cache ttl=5m @cache !lock */ ${FN}`],
    ['as a sentence', `/** @cache, when it is on, helps. */ ${FN}`],
    ['in an example, with no marker beside it', `/**\n * @example\n * @cache ttl=5m\n */\n${FN}`],
    ['before a parenthesis', `call(/** @cache */)`],
    ['in a comment that is kept', `/*! @cache */\n${FN}`],
    ['after a dash', `/** - @cache */ ${FN}`],
    ['right after another tag', `/** @deprecated @cache */ ${FN}`],
  ])('%s', (_, source) => {
    const { problems } = scanSource(source);
    expect(problems.map(({ code }) => code)).toEqual(['CK2014']);
    expect(problems.map(({ range }) => textAt(source, range))).toEqual(['@cache']);
    expect(problems[0]?.args['why']).toMatch(/^it /);
  });

  test.each([
    ['@cache-production', '@cache.production'],
    ['@cacheProduction', '@cache.production'],
    ['@cache_secure', '@cache.secure'],
    ['@CACHE', '@cache'],
    ['@cacheInvalidates', '@cacheInvalidate'],
    ['@cacheinvalidate', '@cacheInvalidate'],
  ])('as %s, with what to write', (tag, instead) => {
    const source = `/** ${tag} */ ${FN}`;
    const { problems } = scanSource(source);
    expect(problems.map(({ code, args }) => `${code} ${args['tag']}`)).toEqual([`CK2014 ${tag}`]);
    expect(problems[0]?.fixes?.[0]?.edits).toEqual([{ start: 4, end: 4 + tag.length, text: instead }]);
    expect(mayContainMarker(source)).toBe(true);
  });

  it('and the second of two tags in a line does not take the first one away', () => {
    expect(scanSource(`/** @cache ttl=5m @cache !lock */ ${FN}`).markers).toHaveLength(1);
  });
});

describe('what mentions caching is no marker', () => {
  test.each([
    ['a longer tag', `/** @cacheable */ ${FN}`],
    ['a tag with a hyphen', `/** @cache-control none */ ${FN}`],
    ['a companion-like tag', `/** @cacheHint x */ ${FN}`],
    ['an address', `/** Ask me@cache.example or x@cache */ ${FN}`],
    ['prose', `/** See @cache docs for more. */ ${FN}`],
    ['prose at the end of a line', `/**\n * This one has no @cache\n */\n${FN}`],
    ['prose with an abbreviation', `/** Markers, e.g. @cache in a block. */ ${FN}`],
    ['prose after a colon', `/** Note: @cache is not used here. */ ${FN}`],
    ['inline code', '/** Write `@cache ttl=5m` above it. */ function f() {}'],
    ['inline code at a line start', '/**\n * `@cache ttl=5m`\n */\nfunction f() {}'],
    ['an inline tag', `/** See {@link cache}. And {x @cache ttl=1m}. */ ${FN}`],
    ['a fence', `/**\n * \`\`\`ts\n * @cache ttl=5m\n * \`\`\`\n */\n${FN}`],
    ['a tilde fence', `/**\n * ~~~\n * @cache ttl=5m\n * ~~~\n */\n${FN}`],
    ['a return description', `/** @returns x @cache */ ${FN}`],
    ['line comment prose', `// see @cache below\n${FN}`],
    ['line comment prose away from functions', `// @cache is what we use\nrun()`],
    ['commented-out code', `// /** @cache */\n// ${FN}`],
    ['a string', `const s = '/** @cache */'; const t = "// @cache";`],
    ['a template', 'const s = `\n/** @cache */\nfunction f() {} // @cache ttl=1m\n`;'],
    ['a regular expression', 'const r = /\\/** @cache *\\//;'],
    ['an upper-case word before a variable', '/** @Cache */ const a = 1;'],
    ['prose that begins with the word', `/** cache the rows, ttl=5m */ ${FN}`],
  ])('%s', (_, source) => {
    expect(scanSource(source)).toEqual({ markers: [], refused: [], allows: [], writers: [], problems: [] });
  });

  it('an example beside a real marker', () => {
    const source = `/**\n * @cache\n * @example\n * @cache ttl=5m\n */\n${FN}`;
    expect(optionsOf(source)).toEqual({ profile: undefined });
  });
});

describe('the option list', () => {
  const list = (lines: string) => optionsOf(`/**\n * ${lines.replaceAll('\n', '\n * ')}\n */\n${FN}`);

  it('goes on over indented lines up to the next tag', () => {
    expect(list('@cache.production ttl=5m\n    namespace=users\n  !lock\n@param id x=1')).toEqual({
      profile: 'production',
      ttl: '5m',
      namespace: 'users',
      lock: false,
    });
  });
  it('goes on over lines that hold nothing but options', () => {
    expect(list('@cache ttl=5m\nnamespace=users !lock\nversion=3')).toEqual({
      profile: undefined,
      ttl: '5m',
      namespace: 'users',
      lock: false,
      version: '3',
    });
  });
  it.each(['Loads a user.', '\n  namespace=users', '```\n  namespace=users\n```'])(
    'ends before %j',
    (next) => {
      expect(list(`@cache ttl=5m\n${next}`)).toEqual({ profile: undefined, ttl: '5m' });
    },
  );
  it('goes on under a tag on the opening line, and without stars', () => {
    expect(optionsOf(`/** @cache ttl=5m\n *   namespace=users */ ${FN}`)).toMatchObject({
      namespace: 'users',
    });
    expect(optionsOf(`/**\n  @cache ttl=5m\n    lock\n  Text.\n*/ ${FN}`)).toEqual({
      profile: undefined,
      ttl: '5m',
      lock: true,
    });
  });
  it('ends at a tag in the same line', () => {
    expect(optionsOf(`/** @cache ttl=1m @param {number} id @returns {Promise<User>} */ ${FN}`)).toEqual({
      profile: undefined,
      ttl: '1m',
    });
  });
  it('is merged from several tags and blocks', () => {
    const source = `/** @cache production ttl=5m */ /** Docs.\n * @cache key=$id\n * @cache !lock */ ${FN}`;
    expect(optionsOf(source)).toEqual({ profile: 'production', ttl: '5m', key: '$id', lock: false });
  });
  it('has exact offsets in CRLF text after wide characters', () => {
    const source = `// 😀\r\n/** Größe 用户.\r\n * @cache.production ttl=5m\r\n *   name="a b" */\r\n${FN}`;
    const { directive, range } = oneMarker(source);
    expect(directive.options.map((option) => textAt(source, option.nameRange))).toEqual(['ttl', 'name']);
    expect(directive.options.map((option) => textAt(source, option.valueRange))).toEqual(['5m', '"a b"']);
    expect(textAt(source, directive.profileRange)).toBe('production');
    expect(textAt(source, range)).toBe('@cache.production ttl=5m\r\n *   name="a b"');
  });
});

describe('duplicates over several tags are CK1004', () => {
  it('for an option, at the second one', () => {
    const source = `/** @cache ttl=5m */ /** @cache ttl=1h */ ${FN}`;
    expect(scanSource(source)).toMatchObject({
      markers: [],
      problems: [{ code: 'CK1004', args: { option: 'ttl', first: '5m', second: '1h' } }],
    });
    expect(problemsOf(source)).toEqual(['CK1004 ttl=1h']);
  });
  it('for the profile', () => {
    const source = `/**\n * @cache.production\n * @cache secure\n */ ${FN}`;
    expect(problemsOf(source)).toEqual(['CK1004 secure']);
  });
});

describe('declarations that cannot be cached', () => {
  const why = (source: string, fileName?: string) =>
    scanSource(source, fileName).problems.map(
      ({ code, args }) => `${code} ${args['name'] ?? ''}: ${args['what'] ?? ''}`,
    );
  test.each([
    ['const settings: Settings = load();', 'CK1006 settings: const of type Settings'],
    ['let x = 1;', 'CK1006 x: variable'],
    ['class Svc {}', 'CK1006 Svc: class'],
    ['@Injectable() class Svc {}', 'CK1006 Svc: class'],
    ['export default class {}', 'CK1006 : class'],
    ['interface I {}', 'CK1006 I: interface'],
    ['type T = 1;', 'CK1006 T: type'],
    ['enum E { A }', 'CK1006 E: enum'],
    ['namespace N {}', 'CK1006 N: namespace'],
    ["import x from 'y';", 'CK1006 : import'],
    ["export * from 'y';", 'CK1006 : export'],
    ['export default x;', 'CK1006 x: default export'],
    ['const f = wrap(async () => 1);', 'CK1006 f: const'],
    ['const { a, b } = c;', 'CK1006 { a, b }: const'],
    ['declare function f(): void;', 'CK1007 f: declared function'],
    ['declare const f: () => void;', 'CK1007 f: declared const'],
    ['function f(a: string): void; function f(a: any) {}', 'CK1007 f: overload signature'],
    ['const a = async () => 1, b = async () => 2;', 'CK1008 : 2 variables'],
  ])('%s', (declaration, expected) => {
    expect(why(`/** @cache */ ${declaration}`)).toEqual([expected]);
  });
  test.each([
    ['abstract class A { /** @cache */ abstract load(): void }', 'CK1007 load: abstract method'],
    ['class A { /** @cache */ load(a: string): void; load(a: any) {} }', 'CK1007 load: overload signature'],
    ['interface I { /** @cache */ load(id: number): void }', 'CK1007 load: signature'],
    ['interface I { /** @cache */ load: (id: number) => void }', 'CK1007 load: property'],
    ['interface I { /** @cache */ n: number }', 'CK1006 n: property'],
    ['declare class A { /** @cache */ load(): void }', 'CK1007 load: declared method'],
    ['class A { /** @cache */ n = 1 }', 'CK1006 n: field'],
    ['class A { /** @cache */ static {} }', 'CK1115 : static block'],
    ['class A { static { /** @cache */ } }', 'CK1115 : static block'],
    ['class A { static { /** @cache */ this.n = 1; } }', 'CK1115 : static block'],
    ['class A { static { /** @cache */ const n = 1; } }', 'CK1115 : static block'],
    ['class A { static { const f = () => { /** @cache */ const n = 1; } } }', 'CK1006 n: const'],
    ['class A { static { new (class { /** @cache */ n = 1 })(); } }', 'CK1006 n: field'],
    ['class A { static {} /** @cache */ n = 1 }', 'CK1006 n: field'],
    ['class A { /** @cache */ n = class { static {} } }', 'CK1006 n: field'],
    ['const o = { /** @cache */ n: 1 }', 'CK1006 n: property'],
    ['const o = { /** @cache */ n }', 'CK1006 n: property'],
    ['function f(/** @cache */ cb = () => 1, b: T) {}', 'CK1006 cb: parameter'],
    ['function f(/** @cache */ cb: () => void) {}', 'CK1006 cb: parameter of type () => void'],
    ['enum E { /** @cache */ A }', 'CK1006 A: member'],
  ])('%s', (source, expected) => {
    expect(why(source)).toEqual([expected]);
  });
  it('in a declaration file', () => {
    expect(why('/** @cache */ export function f(): void;', '/src/a.d.ts')).toEqual([
      'CK1007 f: declared function',
    ]);
  });
  it('but the implementation of an overloaded function can', () => {
    const source = 'function f(a: string): void; /** @cache */ function f(a: any) { return a }';
    expect(oneMarker(source).target.params).toHaveLength(1);
  });
  it('and one of several variables, marked itself', () => {
    expect(named('const a = 1, /** @cache */ b = async () => 2;')).toEqual(['b']);
  });
});

describe('functions without a stable name are CK1016', () => {
  test.each([
    'wrap(/** @cache */ async () => 1);',
    'function make() { /** @cache */ return async () => 1 }',
    'app.get("/", () => { /** @cache */ const load = async () => 1; });',
    'wrap({ /** @cache */ async load() {} });',
  ])('%s', (source) => {
    expect(scanSource(source).markers).toEqual([]);
    expect(scanSource(source).problems.map(({ code }) => code)).toEqual(['CK1016']);
  });
  it('unless the marker names them', () => {
    expect(named('wrap(/** @cache name=x */ async () => 1);')).toEqual([undefined]);
  });
});

it('the text test is true for everything that stage 1 could find, and costs no parse', () => {
  expect(mayContainMarker('/** @cache */')).toBe(true);
  expect(mayContainMarker("import { cached as c } from 'cachekit'")).toBe(true);
  expect(mayContainMarker('/** @Cache ttl=5m */')).toBe(true);
  expect(mayContainMarker('/** cache.production ttl=5m */')).toBe(true);
  expect(mayContainMarker(' * cache ttl=5m')).toBe(true);
  expect(mayContainMarker('const cache = new Map()')).toBe(false);
  expect(mayContainMarker('/** cache of users, cache.get(1), a * cache.size */')).toBe(false);
});
