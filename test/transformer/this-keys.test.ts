// Keys from `this`: which fields join, what `self=` and `ignore=` say instead, and that each emitter writes it.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { Emission } from '../../transformer/compile-file.ts';
import { createSourceCompiler } from '../../transformer/host/compile-source.ts';
import { hookProgram } from '../../transformer/host/program/program-hook.ts';
import { resolveOptions } from '../../transformer/options.ts';
import { testProgram, type TestProgram } from './2-shape/typescript-program.ts';

const { options } = resolveOptions({}, '');
const HEAD = "import { cached } from 'cachekit';\n";

/** Every text is a file of one program, which is made at the first question. */
const texts = new Map<string, string>();
let program: TestProgram | undefined;

function add(text: string): string {
  const known = [...texts].find(([, one]) => one === HEAD + text);
  if (known !== undefined) return text;
  if (program !== undefined) throw new Error('too late');
  texts.set(`m${texts.size}.ts`, HEAD + text);
  return text;
}

function compiled(text: string): Emission {
  program ??= testProgram(Object.fromEntries(texts));
  const [name = ''] = [...texts].find(([, one]) => one === HEAD + text) ?? [];
  const emission = createSourceCompiler(ts, options)(program.program, program.file(name), []);
  if (emission === undefined) throw new Error(`nothing in ${text}`);
  return emission;
}

function rows<T>(list: readonly (readonly [what: string, text: string, expected: T])[]): typeof list {
  for (const [, text] of list) add(text);
  return list;
}

/** Errors, and what of the object is in the key of the last function. */
function keyOf(text: string): { readonly errors: readonly string[]; readonly object: readonly string[] } {
  const { plans, diagnostics } = compiled(text);
  const errors = diagnostics
    .filter((one) => one.severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
  const parts = plans.at(-1)?.key.parts ?? [];
  return {
    errors,
    object: parts
      .filter((part) => part.source === 'this' || part.source === 'instance')
      .map(({ text: one }) => one),
  };
}

const method = (fields: string, body: string, mark = '@cache.production'): string =>
  `export class A { ${fields} /** ${mark} */ async m(id: number): Promise<string> { return String(${body}) + id; } }`;

describe('fields that join the key', () => {
  it.each(
    rows<readonly string[]>([
      ['a readonly field', method('readonly f: string = "x";', 'this.f'), ['this?.f']],
      ['a parameter property', method('constructor(private readonly f: string) {}', 'this.f'), ['this?.f']],
      ['a field by a string', method('readonly "a-b": string = "x";', "this['a-b']"), ['this?.["a-b"]']],
      ['a private name', method('readonly #f: string = "x";', 'this.#f'), ['this.#f']],
      [
        'a field of a base class',
        `class Z { readonly f: string = "x"; } ${method('', 'this.f').replace('class A', 'class A extends Z')}`,
        ['this?.f'],
      ],
      ['data of any form', method('readonly f = { a: [1], d: new Date(0) };', 'this.f.a[0]'), ['this?.f']],
      ['each once', method('readonly f: string = "x";', 'this.f + this.f'), ['this?.f']],
      [
        'what a method of the class reads',
        method('readonly f: string = "x"; n() { return this.f; }', 'this.n()'),
        ['this?.f'],
      ],
      [
        'a static field',
        method('static readonly f: string = "x";', 'this.f').replace('async m', 'static async m'),
        ['this?.f'],
      ],
      ['in an arrow of the body', method('readonly f: string = "x";', '[1].map(() => this.f)'), ['this?.f']],
      [
        'of a field that is an arrow',
        'export class A { readonly f: string = "x"; /** @cache.production */ m = async (id: number): Promise<string> => this.f + id; }',
        ['this?.f'],
      ],
      [
        'of an inner function',
        'export class A { readonly f: string = "x"; make() { /** @cache.production */ const m = async (id: number): Promise<string> => this.f + id; return m; } }',
        ['this?.f'],
      ],
    ]),
  )('%s', (_what, text, object) => {
    expect(keyOf(text)).toEqual({ errors: [], object });
  });
});

describe('fields that do not', () => {
  it.each(
    rows<string>([
      [
        'one that can change',
        method('f = "x";', 'this.f'),
        "CK1204 'm' reads this.f, which is not in the key.",
      ],
      [
        'an accessor',
        method('get f() { return "x"; }', 'this.f'),
        "CK1204 'm' reads this.f, which is not in the key.",
      ],
      [
        'one without data',
        method('readonly f = { run() { return 1; } };', 'this.f.run()'),
        "CK1204 'm' reads this.f (function), which is not in the key.",
      ],
      [
        'an abstract one',
        `export abstract class A { abstract readonly f: string; /** @cache.production */ async m(id: number): Promise<string> { return this.f + id; } }`,
        "CK1204 'm' reads this.f, which is not in the key.",
      ],
      [
        'of an interface',
        'interface I { readonly f: string } /** @cache.production */ export async function m(this: I, id: number): Promise<string> { return this.f + id; }',
        "CK1204 'm' reads this.f, which is not in the key.",
      ],
      [
        'of an object literal',
        'export const o = { f: "x", /** @cache.production */ async m(id: number): Promise<string> { return this.f + id; } };',
        "CK1204 'm' reads this.f, which is not in the key.",
      ],
      [
        'the object itself',
        method('readonly f: string = "x";', 'this.f + JSON.stringify(this)'),
        "CK1204 'm' reads `this`, which is not in the key.",
      ],
      [
        'a private name of a base class',
        `class Z { readonly #f: string = "x"; n() { return this.#f; } } ${method('', 'super.n()').replace('class A', 'class A extends Z')}`,
        "CK1204 'm' calls super.n(), which reads this.#f; what it reads of the object is not in the key.",
      ],
      [
        'what a method reads beside them',
        method('readonly f: string = "x"; g = 1; n() { return this.f + this.g; }', 'this.n()'),
        "CK1204 'm' calls this.n(), which reads this.f; what it reads of the object is not in the key.",
      ],
    ]),
  )('%s', (_what, text, error) => {
    expect(keyOf(text).errors).toEqual([error]);
  });

  const text = add(
    'export class A { constructor(readonly f: string) {} m = cached.production(async (id: number): Promise<string> => this.f + id); }',
  );
  it('cached() has no object yet when it takes its captured values', () => {
    expect(keyOf(text)).toEqual({
      errors: ["CK1204 'm' reads this.f, which is not in the key."],
      object: [],
    });
  });
});

describe('self=', () => {
  const of = (self: string): string =>
    add(
      method(
        'g = { id: 1, more: { x: "y" } as { x: string } | undefined }; run() {}',
        'this.g.id',
        `@cache.production ${self}`,
      ),
    );

  it.each(
    rows<readonly string[]>([
      ['a path', of('self=$this.g.id'), ['this?.g?.id']],
      ['a path through what may be missing', of('self=$this.g.more.x'), ['this?.g?.more?.x']],
      ['the object', of('self=instance'), ['self(this)']],
    ]),
  )('%s', (_what, text, object) => {
    expect(keyOf(text)).toEqual({ errors: [], object });
  });

  it.each(
    rows<string>([
      [
        'an unknown field',
        of('self=$this.gg'),
        "CK1011 '$this.gg' is not a field of the class of m. Did you mean '$this.g'?",
      ],
      [
        'an unknown part of it',
        of('self=$this.g.idd'),
        "CK1011 '$this.g.idd' is not a field of the class of m. Did you mean '$this.g.id'?",
      ],
      ['a method', of('self=$this.run'), "CK1201 Field 'this.run' (function) cannot enter the key."],
      [
        'a parameter',
        of('self=$id'),
        "CK1003 Option 'self' expects a path such as $this.id, or instance, got '$id'.",
      ],
      [
        'a backend beside instance',
        of('self=instance backend=memory'),
        "CK1005 'backend' cannot be combined with 'self'",
      ],
    ]),
  )('%s is an error', (_what, text, error) => {
    expect(keyOf(text).errors.map((one) => one.slice(0, error.length))).toEqual([error]);
  });

  const keys = ['self=$this.g.id', 'self=$this.g', 'self=instance', 'ignore=this'].map(of);
  it('entries of another path are other entries', () => {
    expect(new Set(keys.map((text) => compiled(text).plans[0]?.shapeHash)).size).toBe(4);
  });

  const fn = add(
    'export const m = cached(async function (this: { f: string }, id: number): Promise<string> { return this.f + id; }, { profile: "production", self: "instance" });',
  );
  const arrow = add(
    'export class A { f = "x"; m = cached(async (id: number): Promise<string> => this.f + id, { profile: "production", self: "instance" }); }',
  );
  it('instance is for cached() functions that have an object of their own', () => {
    expect(keyOf(fn).errors).toEqual([]);
    expect(keyOf(arrow).errors).toEqual(["CK1204 'm' reads this.f, which is not in the key."]);
  });
});

describe('ignore=', () => {
  const of = (ignore: string, body = 'this.db.query() + this.tenant'): string =>
    add(
      method(
        'readonly db = { query: () => "x" }; constructor(readonly tenant: string) {}',
        body,
        `@cache.production ${ignore}`,
      ),
    );

  it.each(
    rows<readonly string[]>([
      ['leaves out a field', of('ignore=this.db'), ['this?.tenant']],
      ['leaves out the object', of('ignore=this'), []],
      ['goes with key=', of('key=$id ignore=this.db'), ['this?.tenant']],
    ]),
  )('%s', (_what, text, object) => {
    expect(keyOf(text)).toEqual({ errors: [], object });
  });

  const unread = of('ignore=this.tenant', 'this.db.query()');
  it('does not name a field that is not read', () => {
    expect(keyOf(unread).errors[0]).toMatch(/^CK1011 'this.tenant' is not a parameter/);
  });
});

it('the syntax tree emitter writes private names for targets that have none', () => {
  const text = method('readonly #f: string = "x";', 'this.#f');
  const { program: old } = testProgram(HEAD + text, { target: ts.ScriptTarget.ES2017, noEmit: false });
  const compile = createSourceCompiler(ts, options);
  hookProgram(ts, old, (of, source, earlier) => compile(of, source, earlier), {
    salt: '',
    warn: () => {},
    configDiagnostics: [],
  });
  let js = '';
  old.emit(undefined, (file, written) => {
    if (file.endsWith('main.js')) js = written;
  });
  expect(js).toContain('.hit(id, __classPrivateFieldGet(this,');
  expect(js).not.toContain('this.#f');
});
