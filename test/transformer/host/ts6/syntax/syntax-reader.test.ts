// Every field of a Target, over the forms a function can have.
import ts from 'typescript';
import { describe, expect, it, test } from 'vitest';
import type { Target } from '../../../../../transformer/1-scan/marker.ts';
import { createSyntaxReader } from '../../../../../transformer/host/ts6/syntax/syntax-reader.ts';
import { readSource, textAt } from '../../../1-scan/scan-source.ts';

/** The function after the first doc comment. */
function targetOf(source: string, fileName?: string): Target {
  const answer = readSource(source, fileName).targetAfter(source.indexOf('*/') + 2);
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer.target;
}
const M = '/** x */';

describe('form, names and reach', () => {
  test.each<[string, Target['form'], string, string | undefined, string | undefined]>([
    [`${M} function f() {}`, 'function', 'f', 'f', 'f'],
    [`${M} export async function f() {}`, 'function', 'f', 'f', 'f'],
    [`${M} export default function () {}`, 'function', 'default_', 'default', undefined],
    [`${M} export default async function f() {}`, 'function', 'f', 'f', 'f'],
    [`${M} export default async () => 1`, 'arrow', 'default_', 'default', undefined],
    [`${M} export = async function h() {}`, 'function-expression', 'h', 'default', undefined],
    [`${M} const f = async () => 1`, 'arrow', 'f', 'f', 'f'],
    [`${M} export const f = ((async () => 1) satisfies F) as F`, 'arrow', 'f', 'f', 'f'],
    [`${M} const f = <F>(() => 1)`, 'arrow', 'f', 'f', 'f'],
    [`${M} let f = async () => 1`, 'arrow', 'f', 'f', undefined],
    [`${M} const f = function g() {}`, 'function-expression', 'f', 'f', 'f'],
    [`${M} const größe = async () => 1`, 'arrow', 'größe', 'größe', 'größe'],
    [`class A { ${M} async load() {} }`, 'method', 'load', 'A.load', 'A.prototype.load'],
    [`class A { ${M} static async load() {} }`, 'static-method', 'load', 'A.load', 'A.load'],
    [`class A { ${M} async #load() {} }`, 'method', 'load', 'A.#load', undefined],
    [`class A { ${M} 'a-b'() {} }`, 'method', 'computed', 'A.a-b', 'A.prototype["a-b"]'],
    [`class A { ${M} async [Symbol.iterator]() {} }`, 'method', 'computed', 'A.[Symbol.iterator]', undefined],
    [`class A { ${M} async [f()]() {} }`, 'method', 'computed', undefined, undefined],
    [`class A { ${M} load = async () => 1 }`, 'field-arrow', 'load', 'A.load', undefined],
    [`class A { ${M} static load = async () => 1 }`, 'field-arrow', 'load', 'A.load', 'A.load'],
    [`class A { ${M} get total() { return 1 } }`, 'getter', 'total', 'A.total', undefined],
    [`class A { ${M} set total(v) {} }`, 'setter', 'total', 'A.total', undefined],
    [`class A { ${M} constructor() {} }`, 'constructor', 'constructor', 'A.constructor', undefined],
    [`const A = class B { ${M} load() {} }`, 'method', 'load', 'A.load', 'A.prototype.load'],
    [`export default class { ${M} load() {} }`, 'method', 'load', 'default.load', undefined],
    [`const obj = { ${M} async m() {} }`, 'object-method', 'm', 'obj.m', 'obj.m'],
    [`const obj = { ${M} m: async () => 1 } as const`, 'arrow', 'm', 'obj.m', 'obj.m'],
    [`const obj = { a: { ${M} m: function () {} } }`, 'function-expression', 'm', 'obj.a.m', 'obj.a.m'],
    [`const obj = { ${M} m() {}, ...rest }`, 'object-method', 'm', 'obj.m', undefined],
    [`const obj = { ...rest, ${M} m() {} }`, 'object-method', 'm', 'obj.m', 'obj.m'],
    [`const obj = { ${M} m() {}, m: 1 }`, 'object-method', 'm', 'obj.m', undefined],
    [`let obj = { ${M} m() {} }`, 'object-method', 'm', 'obj.m', undefined],
    [`export default { ${M} m() {} }`, 'object-method', 'm', 'default.m', undefined],
    [`namespace N { ${M} export async function f() {} }`, 'function', 'f', 'N.f', 'N.f'],
    [`namespace N { ${M} async function f() {} }`, 'function', 'f', 'N.f', undefined],
    [`namespace A.B { ${M} export const f = () => 1 }`, 'arrow', 'f', 'A.B.f', 'A.B.f'],
    [`namespace N { export class A { ${M} load() {} } }`, 'method', 'load', 'N.A.load', 'N.A.prototype.load'],
    [`function make() { ${M} async function inner() {} }`, 'function', 'inner', 'make.inner', undefined],
    [`class A { m() { ${M} const inner = () => 1 } }`, 'arrow', 'inner', 'A.m.inner', undefined],
    [`if (x) { ${M} function f() {} }`, 'function', 'f', 'f', undefined],
    [`wrap(() => { ${M} function f() {} })`, 'function', 'f', undefined, undefined],
    [`wrap(${M} async () => 1)`, 'arrow', 'anonymous', undefined, undefined],
    [`wrap(${M} async function load() {})`, 'function-expression', 'load', 'load', undefined],
    [`${M} exports.load = async () => 1;`, 'arrow', 'load', 'load', undefined],
    [`${M} module.exports.load = (function () {});`, 'function-expression', 'load', 'load', undefined],
    [`${M} module.exports = async () => 1;`, 'arrow', 'exports', 'default', undefined],
    [`module.exports = { ${M} load() {} };`, 'object-method', 'load', 'default.load', undefined],
    [`${M} Svc.prototype.load = function () {};`, 'function-expression', 'load', 'Svc.load', undefined],
    [
      `class A { constructor() { ${M} this.load = () => 1; } }`,
      'arrow',
      'load',
      'A.constructor.load',
      undefined,
    ],
    [`${M} load = async () => 1;`, 'arrow', 'load', 'load', undefined],
    [`${M} exports['load'] = () => 1;`, 'arrow', 'anonymous', undefined, undefined],
  ])('%s', (source, form, name, qualifiedName, reach) => {
    expect(targetOf(source)).toMatchObject({ form, name });
    expect(targetOf(source)).toMatchObject({ qualifiedName, reach });
  });
});

describe('ranges', () => {
  const at = (source: string, pick: (target: Target) => { start: number; end: number } | undefined) => {
    const range = pick(targetOf(source));
    return range === undefined ? undefined : textAt(source, range);
  };
  it('of the node are those of the syntax tree', () => {
    const source = `const a = 1;\n${M}\nexport async function f() {}`;
    expect(at(source, (target) => target.node)).toBe(`\n${M}\nexport async function f() {}`);
    expect(at(`${M} const f = async () => 1;`, (target) => target.node)).toBe(' async () => 1');
  });
  test.each([
    [`${M} export default async function () {}`, 'export'],
    [`${M} function f() {}`, 'f'],
    [`${M} const f = async () => 1`, 'f'],
    [`class A { ${M} async #p() {} }`, '#p'],
    [`const o = { ${M} 'x-y': () => 1 }`, "'x-y'"],
    [`wrap(${M} async () => 1)`, 'async'],
  ])('of the name: %s', (source, expected) => {
    expect(at(source, (target) => target.nameRange)).toBe(expected);
  });
  it('of the return type', () => {
    expect(
      at(`${M} async function f(): Promise<User | undefined> {}`, (target) => target.returnTypeRange),
    ).toBe('Promise<User | undefined>');
    expect(targetOf(`${M} function f() {}`).returnTypeRange).toBeUndefined();
  });
  test.each([
    `${M} export async function f() {}`,
    `${M} const f = async () => 1`,
    `class A { ${M} static async load() {} }`,
    `const o = { ${M} async m() {} }`,
    `const f = ${M} async x => x`,
  ])('of async: %s', (source) => {
    expect(at(source, (target) => target.asyncRange)).toBe('async');
    expect(targetOf(source)).toMatchObject({ async: true, generator: false, asyncBy: '' });
  });
  it('without async there is none', () => {
    expect(targetOf(`${M} function* f() {}`)).toMatchObject({
      async: false,
      generator: true,
      asyncRange: undefined,
    });
    expect(targetOf(`${M} async function* f() {}`)).toMatchObject({ async: true, generator: true });
  });
  test.each([
    [`class A { ${M} async [k]() {} }`, ';'],
    [`class A { y = 1\n ${M} async [k]() {} }`, ';'],
    [`class A { y = 1\n ${M} async in() {} }`, ';'],
    [`class A { y = 1;\n ${M} async load() {} }`, ''],
    [`class A { ${M} static async [k]() {} }`, ''],
    [`class A { ${M} @Log() async [k]() {} }`, ''],
    [`const o = { ${M} async [k]() {} }`, ''],
  ])('what replaces async: %s', (source, asyncBy) => {
    expect(targetOf(source).asyncBy).toBe(asyncBy);
  });
});

describe('the body', () => {
  const inner = (source: string) => {
    const { body } = targetOf(source);
    return body === undefined
      ? undefined
      : [body.block, source.slice(body.open, body.close), body.hasDirectives];
  };
  test.each<[string, unknown]>([
    [`${M} function f() { return 1 }`, [true, ' return 1 ', false]],
    [`${M} function f() {}`, [true, '', false]],
    [`${M} function f() { 'use server'; "use strict"\n return 1 }`, [true, '\n return 1 ', true]],
    [`${M} function f() { ('no directive'); }`, [true, " ('no directive'); ", false]],
    [`${M} const f = () => id + 1;`, [false, 'id + 1', false]],
    [`${M} const f = () => /* c */ ({ a: 1 }) // d`, [false, '({ a: 1 })', false]],
    [`${M} const f = () => { return 1 }`, [true, ' return 1 ', false]],
    [`class A { ${M} load() { return '}' } }`, [true, " return '}' ", false]],
  ])('%s', (source, expected) => {
    expect(inner(source)).toEqual(expected);
  });
});

describe('parameters', () => {
  const params = (list: string) =>
    targetOf(`${M} function f(${list}) {}`).params.map((param) => [
      param.names.join(),
      param.pattern,
      param.rest,
      param.default,
    ]);
  test.each<[string, unknown]>([
    ['', []],
    [
      'id: number, b?: string',
      [
        ['id', false, false, 'none'],
        ['b', false, false, 'none'],
      ],
    ],
    ['this: Svc, id: number', [['id', false, false, 'none']]],
    ['{ id, n: m = 1, deep: [a, , ...r], ...rest }: Q = {}', [['id,m,a,r,rest', true, false, 'literal']]],
    ['[]', [['', true, false, 'none']]],
    [
      'ns: string, ...ids: number[]',
      [
        ['ns', false, false, 'none'],
        ['ids', false, true, 'none'],
      ],
    ],
  ])('(%s)', (list, expected) => {
    expect(params(list)).toEqual(expected);
  });
  it('have their source range', () => {
    const source = `${M} function f(/* c */ id: number = 1, b) {}`;
    expect(targetOf(source).params.map((param) => textAt(source, param.range))).toEqual([
      'id: number = 1',
      'b',
    ]);
  });
  test.each([
    '1',
    '-1',
    '60 * 1000',
    "'x'",
    '`x`',
    'true',
    'null',
    'undefined',
    '1n',
    '/x/',
    '[]',
    '[1, "a"]',
    '{ a: 1 }',
    '() => now()',
    '(1 as const)',
    'NaN',
  ])('default %s is inert', (value) => {
    expect(targetOf(`${M} function f(a = ${value}) {}`).params[0]?.default).toBe('literal');
  });
  test.each([
    'now()',
    'a',
    'b.c',
    '`${a}`',
    '[now()]',
    '{ [k]: 1 }',
    '{ ...x }',
    'new Map()',
    '-x',
    '"a" + b',
    'E.A',
    'x ? 1 : 2',
    'await x',
    '{ get a() {} }',
  ])('default %s may throw or call', (value) => {
    expect(targetOf(`${M} function f(z = ${value}) {}`).params[0]?.default).toBe('expression');
  });
  it('a shadowed undefined is no literal', () => {
    expect(targetOf(`const undefined = f; ${M} function f(a = undefined) {}`).params[0]?.default).toBe(
      'expression',
    );
  });
});

describe('this and arguments', () => {
  const reads = (source: string) =>
    targetOf(source).thisReads.map(({ name, range }) => [name, textAt(source, range)]);
  test.each<[string, unknown]>([
    ['return 1', []],
    [
      'return this.a + this.#b + this["c"]',
      [
        ['a', 'this.a'],
        ['#b', 'this.#b'],
        ['c', 'this["c"]'],
      ],
    ],
    [
      'const { a } = this; this[k]',
      [
        [undefined, 'this'],
        [undefined, 'this'],
      ],
    ],
    ['return () => this.a', [['a', 'this.a']]],
    ['return function () { return this.a }', []],
    [
      'return { m() { return this.a }, get g() { return this.b }, [this.c]: 1, [this.d]() {} }',
      [
        ['c', 'this.c'],
        ['d', 'this.d'],
      ],
    ],
    [
      'return class extends this.Base { x = this.no; [this.k] = 1; static { this.no } }',
      [
        ['Base', 'this.Base'],
        ['k', 'this.k'],
      ],
    ],
    ['return super.load(id)', [['super', 'super.load']]],
    ['let x: this; return x as typeof this', []],
  ])('load() { %s }', (body, expected) => {
    expect(reads(`class A { ${M} load(id) { ${body} } }`)).toEqual(expected);
  });
  it('in defaults too', () => {
    expect(reads(`class A { ${M} load(id = this.x) {} }`)).toEqual([['x', 'this.x']]);
  });
  test.each<[string, boolean]>([
    ['return arguments.length', true],
    ['return () => arguments[0]', true],
    ['return function () { return arguments }', false],
    ['return x.arguments', false],
    ['return { arguments: 1 }', false],
    ['return { arguments }', true],
    ['return { m() { return arguments } }', false],
    ['return eval("x")', true],
    ['return x.eval("x")', false],
  ])('arguments: %s → %s', (body, expected) => {
    expect(targetOf(`${M} function f() { ${body} }`).usesArguments).toBe(expected);
  });
  it('in a default', () => {
    expect(targetOf(`${M} function f(a = arguments[1]) {}`).usesArguments).toBe(true);
  });
});

describe('captures', () => {
  const captures = (source: string, fileName?: string) =>
    targetOf(source, fileName).captures.map(({ name, reassigned }) => (reassigned ? `${name}!` : name));
  const inside = (before: string, inner: string) =>
    captures(`function make(tenant: string, db: Db) { ${before} ${inner} }`);
  test.each<[string, string, readonly string[]]>([
    ['', `${M} async function f(id) { return db.q(tenant, id, tenant) }`, ['db', 'tenant']],
    ['', `${M} const f = async (id, t = tenant) => id`, ['tenant']],
    ['', `${M} async function f({ id, [tenant]: x }) { return id }`, ['tenant']],
    ['const a = 1; let b = 2; var c = 3;', `${M} function f() { return [a, b, c] }`, ['a', 'b!', 'c!']],
    ['tenant = "x";', `${M} function f() { return tenant }`, ['tenant!']],
    ['[tenant, { a: db }] = x;', `${M} function f() { return [tenant, db] }`, ['tenant!', 'db!']],
    ['for (tenant of x) {}', `${M} function f() { return tenant }`, ['tenant!']],
    ['tenant++;', `${M} function f() { return tenant }`, ['tenant!']],
    ['', `${M} function f() { tenant = 1 }`, ['tenant!']],
    ['function helper() {}', `${M} function f() { return helper() }`, ['helper']],
    ['class C {}', `${M} function f() { return new C() }`, ['C']],
    ['const { a, b: { c } } = x;', `${M} function f() { return a + c }`, ['a', 'c']],
    ['try {} catch (e) {', `${M} function f() { return e } }`, ['e']],
    ['', `${M} function f(tenant) { return tenant }`, []],
    ['', `${M} function f() { const tenant = 1; { return tenant } }`, []],
    ['', `${M} function f() { if (x) { var tenant = 1 } return tenant }`, []],
    ['', `${M} function f() { { const tenant = 1 } return tenant }`, ['tenant']],
    ['', `${M} function f() { return (tenant) => tenant }`, []],
    ['', `${M} function f() { return x.tenant + { tenant: 1 }.tenant }`, []],
    ['', `${M} function f() { return { tenant } }`, ['tenant']],
    ['', `${M} function f() { tenant: for (;;) break tenant }`, []],
    ['', `${M} function f(x: typeof tenant): typeof db { return x as typeof tenant }`, []],
    ['', `${M} function f(n) { return f(n - 1) }`, []],
    ['', `${M} const f = (n) => f(n - 1)`, []],
    ['', `${M} function f() { return make }`, []],
    ['', `class A { ${M} load() { return tenant } }`, ['tenant']],
    ['', `const o = { ${M} m: () => tenant, tenant: 1 }`, ['tenant']],
    ['interface T { a: 1 }', `${M} function f(): T { type tenant = T; return g<tenant>() }`, []],
  ])('make { %s %s }', (before, inner, expected) => {
    expect(inside(before, inner)).toEqual(expected);
  });
  it('have the range of the first read', () => {
    const source = `function make(tenant) { ${M} function f() { return tenant } }`;
    expect(targetOf(source).captures.map(({ range }) => range)).toEqual([
      { start: source.lastIndexOf('tenant'), end: source.lastIndexOf('tenant') + 6 },
    ]);
  });
  it('take variables of loops at the top of the file, and nothing else from there', () => {
    expect(captures(`for (const t of ts) { const u = t; ${M} const f = () => [t, u] }`)).toEqual(['t', 'u']);
    expect(captures(`for (let i = 0; i < 2; i++) { ${M} const f = () => i }`)).toEqual(['i!']);
    expect(captures(`while (x) { const u = 1; ${M} const f = () => u }`)).toEqual(['u']);
    expect(
      captures(`import z from 'z'; let a = 1; { const b = 2; ${M} function f() { return [a, b, z] } }`),
    ).toEqual([]);
    expect(captures(`namespace N { const a = 1; ${M} export const f = () => a }`)).toEqual([]);
  });
  it('see components but no elements in JSX', () => {
    const source = `function make(Card, div) { ${M} function f() { return <div title="x"><Card a={1} /></div> } }`;
    expect(captures(source, '/src/a.tsx')).toEqual(['Card']);
  });
});

describe('the file', () => {
  it.each([
    ["import { cached as memo } from 'cachekit';\nexport const f = memo(async () => 1);", 1],
    ["import { c\\u0061ched as memo } from 'cachekit';\nexport const f = memo(async () => 1);", 1],
    ["import * as ck from 'cachekit';\nexport const f = ck['c\\x61ched'](async () => 1);", 1],
    ["import { hashKey as memo } from 'cachekit';\nexport const f = memo(1);", 0],
  ])('calls cached, however it is spelled: %s', (source, count) => {
    expect(readSource(source).cachedCalls()).toHaveLength(count);
  });

  test.each([
    ['', ''],
    ['f()', ''],
    ['#!/usr/bin/env node\nf()', '#!/usr/bin/env node\n'],
    ['#!/usr/bin/env node\r\nf()', '#!/usr/bin/env node\r\n'],
    ["'use client'; f()", "'use client';"],
    ["'use client'\nf()", "'use client'\n"],
    ["'use client' // why\r\nf()", "'use client' // why\r\n"],
    ["'use client' /* a\nb */ f()", "'use client' /* a\nb */"],
    ["'use client'", "'use client'"],
    ["// c\n'use strict';\n\"use client\";\nimport 'x';", '// c\n\'use strict\';\n"use client";'],
    ['#!/x\n"use strict"\nf()', '#!/x\n"use strict"\n'],
  ])('head of %j', (source, head) => {
    expect(source.slice(0, readSource(source).headAt())).toBe(head);
  });
  it('parses with something at its head', () => {
    const sources = ["'use client'\nf()", "'use client' /* a\nb */ f()", '#!/x\nf()', "'use client'; f()"];
    for (const source of sources) {
      const at = readSource(source).headAt();
      const { diagnostics } = ts.transpileModule(
        `${source.slice(0, at)}import * as a from "b"; ${source.slice(at)}`,
        { reportDiagnostics: true },
      );
      expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
    }
  });
  it('knows its identifiers, in types too', () => {
    const reader = readSource('type A<$ck> = $ck; const b = { c: d.e };');
    expect(['A', '$ck', 'b', 'c', 'd', 'e'].every((name) => reader.hasIdentifier(name))).toBe(true);
    expect(reader.hasIdentifier('$ck0')).toBe(false);
  });
  it('is a module with an import or export', () => {
    expect(readSource('export {}').isModule).toBe(true);
    expect(readSource('f()').isModule).toBe(false);
  });
  it('lists comments of all kinds, once each', () => {
    const source = '// a\n/* b */ f(/** c */ x); /**/ const r = /\\/\\/ no/; `// no ${1 /* d */} // no`;';
    expect(
      readSource(source)
        .comments()
        .map(({ kind, range }) => [kind, textAt(source, range)]),
    ).toEqual([
      ['line', '// a'],
      ['block', '/* b */'],
      ['doc', '/** c */'],
      ['block', '/**/'],
      ['block', '/* d */'],
    ]);
  });
  it('reads the same from a bound program that parsed all JSDoc', () => {
    const source = `${M} export async function f(id: number) { return id }`;
    const file = ts.createSourceFile(
      '/src/a.ts',
      source,
      { languageVersion: ts.ScriptTarget.ES2022, jsDocParsingMode: ts.JSDocParsingMode.ParseAll },
      true,
    );
    expect(createSyntaxReader(ts, file).targetAfter(M.length)).toEqual(
      readSource(source).targetAfter(M.length),
    );
  });
  it('survives a chain of operators that is thousands deep', () => {
    const source = `${M} function f() { return ${'"a" + '.repeat(5000)} "a" }`;
    expect(targetOf(source).captures).toEqual([]);
  });
});
