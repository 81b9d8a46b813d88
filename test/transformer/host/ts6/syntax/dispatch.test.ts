// Calls of `super.m()` and `this.m()`: fine when the method reads nothing of the object, whoever it is.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { CachePlan } from '../../../../../transformer/3-plan/cache-plan.ts';
import { compileFile } from '../../../../../transformer/compile-file.ts';
import { createSyntaxReader } from '../../../../../transformer/host/ts6/syntax/syntax-reader.ts';
import { resolveOptions } from '../../../../../transformer/options.ts';
import { type Files, FOLDER, testProgram } from '../../../2-shape/typescript-program.ts';

const M = '/** @cache.production */';

/** Messages of CK1204 without the common end, and the plans. */
function compiled(files: Files | string): { said: readonly string[]; plans: readonly CachePlan[] } {
  const program = testProgram(files);
  const source = program.file('main.ts');
  const { diagnostics, plans } = compileFile({
    file: `${FOLDER}/main.ts`,
    path: 'main.ts',
    syntax: createSyntaxReader(ts, source),
    types: program.reader(),
    project: {
      packageName: 'p',
      packageVersion: '',
      options: resolveOptions({}, '').options,
      strictNullChecks: true,
    },
  });
  const errors = diagnostics.filter((one) => one.severity === 'error');
  expect(errors.map((one) => one.code).filter((code) => code !== 'CK1204')).toEqual([]);
  return {
    said: errors.map((one) => one.message.replace(/(?:, which is not|; what it reads).*/, '')),
    plans,
  };
}

const said = (files: Files | string) => compiled(files).said;

describe('super.m()', () => {
  const derived = (base: string, call = 'super.m(id)') =>
    `${base} export class B extends A { ${M} async m(id: number): Promise<number> { return ${call}; } }`;

  it.each([
    ['a method that reads nothing', 'class A { async m(id: number) { return id; } }'],
    ['one that is marked too', `class A { ${M} async m(id: number): Promise<number> { return id; } }`],
    ['one further up', 'class Z { async m(id: number) { return id; } } class A extends Z {}'],
    ['a class expression', 'const A = class { async m(id: number) { return id; } };'],
    [
      'one that calls one that reads nothing',
      'class A { async m(id: number) { return this.n(id); } n(id: number) { return id; } }',
    ],
    [
      'recursion',
      'class A { async m(id: number): Promise<number> { return id > 0 ? this.m2(id) : 0; } m2(id: number): Promise<number> { return this.m2(id - 1); } }',
    ],
  ])('is fine for %s', (_what, base) => {
    expect(said(derived(base))).toEqual([]);
  });

  it.each([
    ['a field', 'class A { f = 1; async m(id: number) { return this.f + id; } }', 'which reads this.f'],
    [
      'a field, through a method',
      'class A { f = 1; async m(id: number) { return this.n(id); } n(id: number) { return this.f + id; } }',
      'which reads this.f',
    ],
    [
      'the object itself',
      'class A { async m(id: number) { return id + Object.keys(this).length; } }',
      'which reads `this`',
    ],
    [
      'an arrow in a field',
      'class A { m: (id: number) => Promise<number> = async (id) => id; }',
      'whose code is not in this file',
    ],
    [
      'an abstract method',
      'abstract class A { abstract m(id: number): Promise<number>; }',
      'whose code is not in this file',
    ],
    [
      'a decorated method',
      'declare const log: any; class A { @log async m(id: number) { return id; } }',
      'whose code is not in this file',
    ],
    [
      'a base that can change',
      'let A = class { async m(id: number) { return id; } };',
      'whose code is not in this file',
    ],
    [
      'variables',
      'function make(f: number) { return class { async m(id: number) { return f + id; } }; } const A = make(1);',
      'whose code is not in this file',
    ],
  ])('is an error for %s', (_what, base, why) => {
    expect(said(derived(base))).toEqual([`'m' calls super.m(), ${why}`]);
  });

  it('is an error for a base of another file', () => {
    const files = {
      'base.ts': 'export class A { f = 1; async m(id: number) { return this.f + id; } }',
      'main.ts': derived("import { A } from './base.ts';"),
    };
    expect(said(files)).toEqual(["'m' calls super.m(), whose code is not in this file"]);
  });

  it('looks for what the base calls in the class of the marked method first', () => {
    const base = 'class A { async m(id: number) { return this.n(id); } n(id: number) { return id; } }';
    const own = derived(base).replace(/ }$/, ' f = 1; override n(id: number) { return id + this.f; } }');
    expect(said(own)).toEqual(["'m' calls super.m(), which reads this.f"]);
  });

  it('takes a private name as that of its own class', () => {
    const base = 'class A { async m(id: number) { return this.#n(id); } #n(id: number) { return id; } }';
    const own = derived(base).replace(/ }$/, ' #n = 1; }');
    expect(said(own)).toEqual([]);
  });

  it('is an error when it is not called', () => {
    const base = 'class A { async m(id: number) { return id; } }';
    expect(said(derived(base, '[super.m].length'))).toEqual(["'m' reads `super`"]);
  });

  it('follows static methods, in which `this` is the class of the call', () => {
    const of = (body: string) =>
      `class A { static f = 1; static async m(id: number) { return ${body}; } static n(id: number) { return id; } }
       export class B extends A { ${M} static override async m(id: number): Promise<number> { return super.m(id); } }`;
    expect(said(of('id'))).toEqual([]);
    expect(said(of('this.f + id'))).toEqual(["'m' calls super.m(), which reads this.f"]);
    expect(said(of('this.n(id)'))).toEqual(["'m' calls super.m(), which reads this.n"]);
  });

  it('follows the prototype that an object literal names', () => {
    const of = (head: string, more = '') =>
      `const base = { async m(id: number) { return id; }, ${more} };
       export const o = { ${head} ${M} async m(id: number): Promise<number> { return super.m(id); } };`;
    expect(said(of('__proto__: base,'))).toEqual([]);
    expect(said(of('__proto__: { async m(id: number) { return id; } },'))).toEqual([]);
    const unknown = ["'m' calls super.m(), whose code is not in this file"];
    expect(said(of(''))).toEqual(unknown);
    expect(said(of('["__proto__"]: base,'))).toEqual(unknown);
    expect(said(of('__proto__: base,', '...{}'))).toEqual(unknown);
  });

  it('changes the fingerprint of the code with the method of the base', () => {
    const hash = (value: string) =>
      compiled(derived(`class A { async m(id: number) { return id + ${value}; } }`)).plans[0]?.codeHash;
    expect(hash('1')).toMatch(/^[0-9a-f]{16}$/);
    expect(hash('1')).not.toBe(hash('2'));
  });
});

describe('this.m()', () => {
  const of = (helper: string, call = 'this.n(id)') =>
    `export class A { f = 1; ${M} async m(id: number): Promise<number> { return ${call}; } ${helper} }`;

  it.each([
    ['a method', 'n(id: number) { return id; }', 'this.n(id)'],
    ['a private name', '#n(id: number) { return id; }', 'this.#n(id)'],
    ['quotes', '"n"(id: number) { return id; }', 'this["n"](id)'],
    ['a cast of the method', 'n(id: number) { return id; }', '(this.n as any)!(id)'],
    ['overloads', 'n(id: number): number; n(id: string): number; n(id: any) { return id; }', 'this.n(id)'],
    ['one that is marked too', `${M} n(id: number): number { return id; }`, 'this.n(id)'],
  ])('is fine for %s that reads nothing', (_what, helper, call) => {
    expect(said(of(helper, call))).toEqual([]);
  });

  it.each([
    ['a field', 'n(id: number) { return this.f + id; }', "'m' calls this.n(), which reads this.f"],
    ['an arrow in a field', 'n = (id: number) => id;', "'m' reads this.n"],
    ['an accessor', 'get n() { return (id: number) => id; }', "'m' reads this.n"],
    ['a static method', 'static n(id: number) { return id; } [n: string]: any;', "'m' reads this.n"],
  ])('is an error for %s', (_what, helper, message) => {
    expect(said(of(helper))).toEqual([message]);
  });

  it('is an error for a method that reads variables of a function around the class', () => {
    const inner = of('n(id: number) { return id + tenant; }').replace('export class A', 'return class A');
    expect(said(`export function make(tenant: number) { ${inner} }`)).toEqual([
      "'m' calls this.n(), which reads variables of an enclosing function",
    ]);
  });

  it('is an error in a static method and in an object literal', () => {
    const fixed = `export class A { ${M} static async m(id: number): Promise<number> { return this.n(id); } static n(id: number) { return id; } }`;
    const object = `export const o = { n(id: number) { return id; }, ${M} async m(id: number): Promise<number> { return this.n(id); } };`;
    expect([...said(fixed), ...said(object)]).toEqual(["'m' reads this.n", "'m' reads this.n"]);
  });

  const helper = 'n(id: number) { return id; }';
  it.each([
    [
      'in another file',
      "import { A } from './main.ts'; export class B extends A { override n(id: number) { return id + this.f; } }",
    ],
    [
      'of a subclass of a subclass',
      "import { A } from './main.ts'; class Mid extends A {} export class B extends Mid { override n(id: number) { return 2 * id; } }",
    ],
    [
      'as a field',
      "import { A } from './main.ts'; export class B extends A { override n = (id: number) => 2 * id; }",
    ],
  ])('is an error when a subclass has its own: %s', (_where, text) => {
    expect(said({ 'main.ts': of(helper), 'sub.ts': text })).toEqual([
      "'m' calls this.n(), which class B replaces",
    ]);
  });

  it('is fine when another class only has a method of that name', () => {
    const text = 'class Z {} export class B extends Z { n(id: number) { return 2 * id; } }';
    expect(said({ 'main.ts': of(helper), 'other.ts': text })).toEqual([]);
  });
});
