import { describe, expect, it } from 'vitest';
import { printShape, printSignature } from '../../../../../transformer/2-shape/print-shape.ts';
import { readSignature } from '../../../../../transformer/2-shape/read-signature.ts';
import { FOLDER, testProgram, type TestProgram } from '../../../2-shape/typescript-program.ts';

const PRELUDE = `
import type { Pii, Secret, Float64 } from 'cachekit';
import type { Readable } from 'node:stream';
interface User { id: number; name: string }
enum Level { Low = 1, High = 2 }
enum Mixed { A = 'a', B = 3 }
const enum Flag { On = 'on' }
enum Computed { A = 'x'.length }
class Point { x = 1; readonly y: number = 2 }
class Rich { id = 1; greet(): string { return '' } }
class Hidden { #secret = 1; open = 2 }
class Semi { private inner = 1; open = 2 }
class Lazy { get total(): number { return 1 } }
class Sub extends Point { z = 3 }
class Failure extends Error { code = 1 }
class Registry extends Map<string, number> {}
class Feed extends (null as unknown as typeof Readable) {}
interface Names extends Array<string> {}
interface Bag<T> extends Array<T> {}
interface Counted extends Array<string> { total: number }
interface Tree { value: number; kids: Tree[] }
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Left { right?: Right }
interface Right { left: Left | null }
type Chain = { next: Chain } | null;
type Grow<T> = { v: T; n?: Grow<T[]> };
type Wide<T> = { a?: Wide<T[]>; b?: Wide<Set<T>>; c?: Wide<{ x: T }> };
interface Self { me: this; id: number }
declare const tag: unique symbol;
type UserId = string & { readonly __brand: 'UserId' };
type Tagged<T, N extends string> = T & { readonly [tag]: { [K in N]: void } };
interface Query<T> extends PromiseLike<T> { where(x: string): Query<T> }
interface Local { Date: { day: number } }
namespace Own { export interface Date { day: number } export interface Map<K, V> { k: K; v: V } export interface Response { ok: boolean } }
interface Shape { kind: 'circle'; r: number }
type Either = { a: string; b?: never } | { a?: never; b: number };
`;

/** Type of a property → how its shape prints. */
const BELOW: readonly (readonly [type: string, shape: string])[] = [
  ['string', 'string'],
  ['number | string', 'number | string'],
  ['boolean', 'boolean'],
  ['boolean | string', 'boolean | string'],
  ['bigint', 'bigint'],
  ['null', 'null'],
  ['undefined', 'undefined'],
  ["'a' | 'b'", '"a" | "b"'],
  ["'b' | 'a' | null", '"a" | "b" | null'],
  ['1 | 2 | 10', '1 | 2 | 10'],
  ['true', 'true'],
  ['-5n', '-5n'],
  ['`x-${number}`', 'string<`x-${number}`>'],
  ['Uppercase<string>', 'string<Uppercase<string>>'],
  ["'a' | (string & {})", 'string'],
  ['Level', '1 | 2'],
  ['Mixed', '"a" | 3'],
  ['Flag', '"on"'],
  ['Level.Low', '1'],
  ['Computed', 'number'],
  ['User', '{ id: number; name: string }'],
  ['readonly User[]', 'readonly { id: number; name: string }[]'],
  ['(string | null)[]', '(string | null)[]'],
  ['string[][]', 'string[][]'],
  ['[a: string, b?: number, ...c: boolean[]]', '[string, number?, ...boolean[]]'],
  ['readonly []', 'readonly []'],
  ['never[]', '[]'],
  ['{ a?: string }', '{ a?: string }'],
  ['{ a?: string | undefined }', '{ a?: string }'],
  ['{ a: string | undefined }', '{ a: string | undefined }'],
  ['{ a?: undefined }', '{ a?: undefined }'],
  ['Either', '{ a: string; b?: undefined } | { a?: undefined; b: number }'],
  ['{ readonly a: 1 }', '{ readonly a: 1 }'],
  ['Readonly<{ a: 1 }>', '{ readonly a: 1 }'],
  ['{ -readonly [K in keyof { readonly a: 1 }]: 1 }', '{ a: 1 }'],
  ["{ 'a-b': 1 }", '{ "a-b": 1 }'],
  ['Record<string, number>', '{ [key: string]: number }'],
  ['Record<`x-${string}`, number>', '{ [key: string]: number }'],
  ['Record<number, string>', '{ [key: string]: string }'],
  ["Record<'a' | 'b', 1>", '{ a: 1; b: 1 }'],
  ['{ total: number; [key: string]: number }', '{ total: number; [key: string]: number }'],
  ['{ [key: string]: string; [key: number]: string }', '{ [key: string]: string }'],
  ['Record<string, never>', '{}'],
  ['Record<string, number> & { total: number }', '{ total: number; [key: string]: number }'],
  ['User & { age: number }', '{ id: number; name: string; age: number }'],
  ["Partial<Pick<User, 'id'>>", '{ id?: number }'],
  ["Omit<User, 'id'>", '{ name: string }'],
  ["User['id']", 'number'],
  ['keyof User', '"id" | "name"'],
  ['User extends { id: infer I } ? I : never', 'number'],
  ['Map<string, Date>', 'Map<string, Date>'],
  ['ReadonlyMap<string, 1>', 'ReadonlyMap<string, 1>'],
  ['Set<User>', 'Set<{ id: number; name: string }>'],
  ['ReadonlySet<string>', 'ReadonlySet<string>'],
  ['Date', 'Date'],
  ['Own.Date', '{ day: number }'],
  ['Own.Map<string, 1>', '{ k: string; v: 1 }'],
  ['Own.Response', '{ ok: boolean }'],
  ['Uint8Array', 'Uint8Array'],
  ['Uint8Array<ArrayBuffer>', 'Uint8Array'],
  ['Uint8Array<SharedArrayBuffer>', '!built-in(Uint8Array<SharedArrayBuffer>)'],
  ['Buffer', 'Buffer'],
  ['ArrayBuffer', 'ArrayBuffer'],
  ['Float32Array | null', 'Float32Array | null'],
  ['BigInt64Array', 'BigInt64Array'],
  ['DataView', '!built-in(DataView<ArrayBufferLike>)'],
  ['Point', '{ x: number; readonly y: number }'],
  ['Sub', '{ z: number; x: number; readonly y: number }'],
  ["Pick<Rich, 'id'>", '{ id: number }'],
  ['Rich', '!class(Rich)'],
  ['Hidden', '!class(Hidden)'],
  ['Semi', '!class(Semi)'],
  ['Lazy', '!class(Lazy)'],
  ['Registry', '!class(Registry)'],
  ['Counted', '!class(Counted)'],
  ['Names', 'string[]'],
  ['Bag<1>', '1[]'],
  ['typeof Point', '!function(typeof Point)'],
  ['typeof Date', '!function(DateConstructor)'],
  ['Failure', '!error(Failure)'],
  ['Error', '!error(Error)'],
  ['NodeJS.ErrnoException', '!error(ErrnoException)'],
  ['Feed', '!stream(Feed)'],
  ['Readable', '!stream(Readable)'],
  ['NodeJS.ReadableStream', '!stream(ReadableStream)'],
  ['AsyncIterable<1>', '!stream(AsyncIterable<1>)'],
  ['Generator<1>', '!iterator(Generator<1, any, any>)'],
  ['IterableIterator<1>', '!iterator(IterableIterator<1>)'],
  ['Response', '!http(Response)'],
  ['Headers', '!http(Headers)'],
  ['FormData', '!http(FormData)'],
  ['Promise<string>', '!promise(Promise<string>)'],
  ['Query<1>', '!promise(Query<1>)'],
  ['WeakMap<User, 1>', '!weak(WeakMap<User, 1>)'],
  ['WeakRef<User>', '!weak(WeakRef<User>)'],
  ['RegExp', 'RegExp'],
  ['URL', 'URL'],
  ['Function', '!function(Function)'],
  ['() => void', '!function(() => void)'],
  ['{ toJSON(): string; a: 1 }', '{ toJSON: !function(() => string); a: 1 }'],
  ['symbol', '!symbol(symbol)'],
  ['{ [Symbol.iterator]: 1 }', '{ readonly "[symbol]": !symbol({ [Symbol.iterator]: 1; }) }'],
  ['object', '!object-keyword(object)'],
  ['{}', 'any'],
  ['any', 'any'],
  ['unknown', 'any'],
  ['any[]', 'any[]'],
  ['{} | null', 'any'],
  ['Missing', '!unresolved(Missing)'],
  ['Missing[]', '!unresolved(Missing)[]'],
  ["import('./nowhere').Thing", '!unresolved(any)'],
  ['void', '!void(void)'],
  ['User | void', '{ id: number; name: string } | undefined'],
  [
    'PromiseSettledResult<number>',
    '{ status: "fulfilled"; value: number } | { status: "rejected"; reason: any }',
  ],
  ['UserId', 'string<UserId>'],
  ['UserId | null', 'string<UserId> | null'],
  ["Tagged<number, 'Cents'>", 'number<Cents>'],
  ["boolean & { __brand: 'Flag' }", 'boolean<Flag>'],
  ["string[] & { __brand: 'Path' }", 'string[]<Path>'],
  ['string[] & { count: number }', '!built-in(string[] & { count: number; })'],
  ['Float64', 'number<float64>'],
  ['Pii<string>', 'Pii<string>'],
  ['Pii<string | null>', 'Pii<string> | null'],
  ['Pii<boolean>', 'Pii<boolean>'],
  ['Pii<User>', 'Pii<{ id: number; name: string }>'],
  ['Pii<Date>', 'Pii<Date>'],
  ['Pii<string[]>', 'Pii<string[]>'],
  ['Pii<[1, 2]>', 'Pii<[1, 2]>'],
  ['Pii<Map<string, 1>>', 'Pii<Map<string, 1>>'],
  ["Pii<'a' | 'b'>", 'Pii<"a"> | Pii<"b">'],
  ['Secret<string>', 'Secret<string>'],
  ['Secret<UserId>', 'Secret<string<UserId>>'],
  ['Pii<Secret<string>>', 'Secret<string>'],
];

const slug = (index: number): string => `p${index}`;
const source = `${PRELUDE}
export interface All { ${BELOW.map(([type], index) => `${slug(index)}: ${type};`).join('\n')} }
${BELOW.map(([type], index) => `export declare function f${index}(): { it: ${type} };`).join('\n')}
`;

describe('a type expression below the root', () => {
  const program = testProgram(source);
  const reader = program.reader();

  it.each(BELOW.map(([type, shape], index) => [type, shape, index] as const))('%s', (_type, shape, index) => {
    const { result, refs } = readSignature(reader, program.target(`f${index}`));
    expect(printShape(result, refs)).toBe(`{ it: ${shape} }`);
  });
});

/** Signature of `f` in a file made of the prelude and `text`. */
const signatureOf = (text: string, options = {}): string =>
  printSignature(testProgram(`${PRELUDE}\n${text}`, options).signature('f'));

describe('a signature', () => {
  it.each([
    // parameters
    ['function f(id: number, name?: string): Date { throw 0 }', '(id: number, name?: string) => Date'],
    ['function f(id = 1): number { return id }', '(id: number) => number'],
    ['function f(id?: number | null): 1 { return 1 }', '(id?: number | null) => 1'],
    ['function f(this: User, ...ids: number[]): 1 { return 1 }', '(...ids: number[]) => 1'],
    [
      'function f({ id, more: { page = 1 } = {} }: { id: string; more?: { page?: number } }): 1 { return 1 }',
      '(id: string, page: number) => 1',
    ],
    [
      'function f({ id, ...rest }: { id: string; a: 1; b?: 2 }, [x, , y]: [1, 2, 3]): 1 { return 1 }',
      '(id: string, rest: { a: 1; b?: 2 }, x: 1, y: 3) => 1',
    ],
    ['function f(x: any, y: unknown): 1 { return 1 }', '(x: !any(any), y: !any(unknown)) => 1'],
    ['function f(x: Missing): 1 { return 1 }', '(x: !unresolved(Missing)) => 1'],
    ['function f(cb: () => void): 1 { return 1 }', '(cb: !function(() => void)) => 1'],
    // results
    ['async function f() { return { a: 1, b: [new Date()] } }', '() => Promise<{ a: number; b: Date[] }>'],
    ['async function f(): Promise<Promise<string>> { throw 0 }', '() => Promise<string>'],
    ['function f(): Promise<string> | string { throw 0 }', '() => Promise<string>'],
    ['function f(): Query<number> { throw 0 }', '() => Promise<number>'],
    ['function f(): any { return 1 }', '() => !any(any)'],
    ['async function f(s: string) { return JSON.parse(s) }', '(s: string) => Promise<!any(any)>'],
    ['async function f(): Promise<unknown> { return 1 }', '() => Promise<!any(unknown)>'],
    ['async function f(): Promise<{}> { return 1 }', '() => Promise<!any({})>'],
    ['async function f(): Promise<Missing> { return 1 }', '() => Promise<!unresolved(Missing)>'],
    ['async function f(): Promise<void> {}', '() => Promise<!void(void)>'],
    [
      'async function f(): Promise<User | void> {}',
      '() => Promise<{ id: number; name: string } | undefined>',
    ],
    ['function f(): never { throw 0 }', '() => !never(never)'],
    ['class K { async f(): Promise<this> { return this } }', '() => Promise<!this(this)>'],
    ['async function* f() { yield 1 }', '() => !iterator(AsyncGenerator<number, void, unknown>)'],
    // generics
    [
      'async function f<T>(x: T): Promise<T[]> { return [x] }',
      '(x: !type-parameter(T)) => Promise<!type-parameter(T)[]>',
    ],
    [
      'async function f<T>(x: string): Promise<T> { throw 0 }',
      '(x: string) => Promise<!type-parameter(Awaited<T>)>',
    ],
    ['async function f<T extends string>(x: T): Promise<T> { return x }', '(x: string) => Promise<string>'],
    [
      'async function f<T extends User>(x: T): Promise<T> { return x }',
      '(x: { id: number; name: string }) => Promise<!type-parameter(T)>',
    ],
    [
      'function f<T extends User>(x: T): T { return x }',
      '(x: { id: number; name: string }) => !type-parameter(T)',
    ],
    ['function f<T extends User>(x: Partial<T>): 1 { return 1 }', '(x: !type-parameter(Partial<T>)) => 1'],
    [
      "function f<T extends User>(x: T['id'], y: T extends User ? 1 : 2): 1 { return 1 }",
      '(x: !type-parameter(T["id"]), y: !type-parameter(T extends User ? 1 : 2)) => 1',
    ],
    [
      'type Link<T> = { v: T; next?: Link<T> }; function f<T extends User>(x: Link<T>): Link<T> { return x }',
      '(x: Link) => Link\nLink = { v: !type-parameter(T); next?: Link }',
    ],
    // where the type comes from
    [
      'const f: (id: number) => Promise<User> = async (id) => JSON.parse(String(id))',
      '(id: number) => Promise<{ id: number; name: string }>',
    ],
    ['const f = (async () => 1) satisfies () => Promise<number>', '() => Promise<number>'],
    ['const api = { async f(id: number) { return [id] } }', '(id: number) => Promise<number[]>'],
    [
      'function f(a: string): Promise<User>; function f(a: number, b?: Date): Promise<Point>; function f(a: any, b?: any): Promise<any> { throw 0 }',
      '(a: number | string, b?: Date) => Promise<{ id: number; name: string } | { x: number; readonly y: number }>',
    ],
    [
      'class K { f(a: string): 1; f(...a: number[]): 2; f(...args: any[]): any { return 1 } }',
      '(...args: (number | string)[]) => 1 | 2',
    ],
    // recursion
    ['function f(): Tree { throw 0 }', '() => Tree\nTree = { value: number; kids: Tree[] }'],
    [
      'function f(a: Left, b: Right): 1 { return 1 }',
      '(a: Left, b: { left: Left | null }) => 1\nLeft = { right?: { left: Left | null } }',
    ],
    ['function f(): Self { throw 0 }', '() => Self\nSelf = { me: Self; id: number }'],
    ['function f(): Chain { throw 0 }', '() => #0\n#0 = { next: #0 } | null'],
    [
      'function f(x: Json): Json { return x }',
      '(x: #0) => #0\n#0 = boolean | number | string | #0[] | { [key: string]: #0 } | null',
    ],
    [
      'async function f<T extends Json>(x: T): Promise<T[]> { return [x] }',
      '(x: #0) => Promise<#0[]>\n#0 = boolean | number | string | #0[] | { [key: string]: #0 } | null',
    ],
  ])('%s', (text, printed) => {
    expect(signatureOf(text)).toBe(printed);
  });

  it('keeps undefined out of optional places under exactOptionalPropertyTypes too', () => {
    const text =
      'function f(x?: number, y?: { a?: string; b?: string | undefined; c?: never }): 1 { return 1 }';
    const printed = '(x?: number, y?: { a?: string; b?: string; c?: undefined }) => 1';
    expect(signatureOf(text, { exactOptionalPropertyTypes: true })).toBe(printed);
    expect(signatureOf(text)).toBe(printed);
  });

  it('tells type predicates and assertions, also when the checker infers none', () => {
    const predicate = (text: string): boolean => testProgram(`${PRELUDE}${text}`).signature('f').predicate;
    expect(predicate('function f(x: unknown): x is User { return true }')).toBe(true);
    expect(predicate('function f(x: unknown): asserts x {}')).toBe(true);
    expect(predicate('const f = (x: string | null) => x !== null')).toBe(false);
  });

  it('finds the types of captured constants', () => {
    const program = testProgram(
      'export function make(tenant: string, limit: { n: number }) { const f = async (id: number) => [tenant, limit.n, id, { tenant }]; return f }',
    );
    const target = program.target('f', 'main.ts', ['limit', 'tenant']);
    expect(printSignature(readSignature(program.reader(), target))).toContain(
      ' with limit: { n: number }, tenant: string',
    );
  });

  it('marks properties with a @pii comment', () => {
    expect(signatureOf('function f(): { /** @pii */ email: string; id: 1 } { throw 0 }')).toBe(
      '() => { email: Pii<string>; id: 1 }',
    );
  });

  it('takes only the brands of the package cachekit for sensitive', () => {
    const own = 'declare const pii: unique symbol; type Mine<T> = T & { readonly [pii]?: true };';
    expect(signatureOf(`${own} function f(): [Mine<string>, Mine<User>] { throw 0 }`)).toBe(
      '() => [string<pii>, { id: number; name: string }<pii>]',
    );
  });

  it('tells a class of the same text range when the target was made from the leading trivia', () => {
    const program = testProgram('// lead\nexport function f(): 1 { return 1 }');
    const target = program.target('f');
    const node = { start: 0, end: target.node.end };
    expect(printSignature(readSignature(program.reader(), { ...target, node }))).toBe('() => 1');
    expect(() => readSignature(program.reader(), { ...target, node: { start: 3, end: 9 } })).toThrow(
      /No function at 3-9/,
    );
  });
});

describe('the order of properties', () => {
  const text = `
interface Settings { interop: string; lock: boolean; share: boolean; tags: string[] }
function other(): 'tags' | 'share' | 'lock' | 'interop' { throw 0 }
function another(): 'extra' | 'interop' | 'lock' | 'tags' | 'share' { throw 0 }
function picked(): Pick<Settings, 'interop' | 'lock' | 'share'> { throw 0 }
function left(): Omit<Settings, 'lock'> & { own: number } { throw 0 }
function named(): Record<'share' | 'lock' | 'interop', 1> { throw 0 }
function optional(): Partial<Record<'share' | 'lock' | 'interop', 1>> { throw 0 }
function more(): Readonly<Record<'share' | 'extra' | 'another', unknown> & Settings> { throw 0 }
function renamed(): { [K in 'share' | 'lock' | 'interop' as Uppercase<K>]: 1 } { throw 0 }
function joined(): Record<'share' | 'lock', 1> & { own: number } & Record<'lock' | 'interop', 1> { throw 0 }
function partly(): Record<'share' | 'lock', 1> & { lock: 1; own: number } { throw 0 }
declare const part: Pick<Settings, 'interop' | 'lock' | 'share'>;
declare const fixed: Readonly<typeof part>;
declare const some: Partial<typeof part>;
declare const presets: { share: boolean; lock: boolean };
function together<T>(value: T, one: typeof part) { return { value, ...one } as const; }
function constant() { return { ...part } as const; }
function spread() { return { ...fixed }; }
function rest() { const { lock, ...others } = fixed; return others; }
function preset() { return { ...presets, ...some }; }
function perhaps(id: number) { return { id, ...(id > 1 ? part : {}) }; }
function instance() { return together(1, part); }
`;
  const order = (program: TestProgram, name: string): readonly string[] => {
    const { result } = program.signature(name);
    return result.kind === 'object' ? result.properties.map((property) => property.name) : [];
  };

  it.each([
    ['picked', ['interop', 'lock', 'share']],
    ['left', ['interop', 'share', 'tags', 'own']],
    ['named', ['interop', 'lock', 'share']],
    ['optional', ['interop', 'lock', 'share']],
    ['more', ['interop', 'lock', 'share', 'tags', 'another', 'extra']],
    ['renamed', ['INTEROP', 'LOCK', 'SHARE']],
    ['joined', ['interop', 'lock', 'own', 'share']],
    ['partly', ['lock', 'share', 'own']],
    ['constant', ['interop', 'lock', 'share']],
    ['spread', ['interop', 'lock', 'share']],
    ['rest', ['interop', 'share']],
    ['preset', ['interop', 'share', 'lock']],
    ['perhaps', ['interop', 'lock', 'share', 'id']],
    ['instance', ['interop', 'lock', 'share', 'value']],
  ] as const)('of chosen names is the same whatever the checker met before: %s', (name, names) => {
    expect(order(testProgram(text), name)).toEqual(names);
    for (const before of ['other', 'another']) {
      const asked = testProgram(text);
      asked.signature(before);
      expect(order(asked, name)).toEqual(names);
    }
  });
});

describe('a class that a declaration file has for itself', () => {
  const read = (lib: string, type: string): string => {
    const signature = testProgram({
      'main.ts': `import type { ${type} } from './lib.ts'; export function f(): ${type} { throw 0 }`,
      'lib.d.ts': `${lib}\nexport {};`,
    }).signature('f');
    return printSignature(signature);
  };

  it('is only a name for the built-in that it extends', () => {
    const lib = 'declare class NativeDate extends globalThis.Date {} export interface Row { at: NativeDate }';
    expect(read(lib, 'Row')).toBe('() => { at: Date }');
  });

  it.each([
    'export declare class NativeDate extends globalThis.Date {} export interface Row { at: NativeDate }',
    'declare class NativeDate extends globalThis.Date { now(): number } export interface Row { at: NativeDate }',
  ])('is a class of its own where somebody can make one, or where it has members: %s', (lib) => {
    expect(read(lib, 'Row')).toBe('() => { at: !class(NativeDate) }');
  });
});

describe('types without end', () => {
  it.each(['Grow<string>', 'Wide<string>', 'Map<string, Grow<1>>'])('%s stops', (type) => {
    expect(signatureOf(`function f(x: User, y: ${type}): Tree { throw 0 }`)).toBe(
      `(x: { id: number; name: string }, y: !too-deep(${type})) => Tree\nTree = { value: number; kids: Tree[] }`,
    );
  });

  it('a type of more than 5,000 nodes is too deep, one of a few hundred is not', () => {
    const fields = (count: number): string =>
      `{ ${Array.from({ length: count }, (_, index) => `k${index}: { a: 1; b: 2; c: 3; d: 4 }`).join('; ')} }`;
    expect(signatureOf(`function f(): ${fields(100)} { throw 0 }`)).toContain('k99: { a: 1;');
    expect(signatureOf(`function f(): ${fields(1_100)} { throw 0 }`)).toMatch(/^\(\) => !too-deep/);
  });

  it('a type in many places counts once if the whole would be too large', () => {
    const levels = Array.from(
      { length: 20 },
      (_, at) => `interface L${at + 1} { a: L${at}; b?: L${at} | null; c: L${at}[] }`,
    );
    const code = `interface L0 { x: number }\n${levels.join('\n')}\nfunction f(): L20 { throw 0 }`;
    const { result, refs } = testProgram(code).signature('f');
    expect(result.kind).toBe('ref');
    // Each interface, and each union with null.
    expect(refs.length).toBe(41);
  });
});

describe('files of a signature', () => {
  const files = (parts: Record<string, string>): readonly string[] =>
    testProgram(parts)
      .signature('f')
      .files.map((file) => file.replace(`${FOLDER}/`, ''));

  it('has those of aliases that leave no trace in the type, and of the modules between', () => {
    expect(
      files({
        'main.ts': "import type { Id } from './barrel.ts'; export function f(id: Id): 1 { return 1 }",
        'barrel.ts': "export * from './other.ts'; export * from './ids.ts';",
        'other.ts': 'export type Other = 1',
        'ids.ts': "import type { Raw as R } from './raw.ts'; export type Id = R;",
        'raw.ts': 'export type Raw = string;',
      }),
    ).toEqual(['barrel.ts', 'ids.ts', 'raw.ts']);
  });

  it('has those of members, and of what an unannotated result is inferred from', () => {
    expect(
      files({
        'main.ts': "import { load } from './load.ts'; export async function f() { return load() }",
        'load.ts': "import { count } from './count.ts'; export const load = () => count();",
        'count.ts':
          "import type { User } from './user.ts'; export function count(): User[] { return unrelated() }\nimport { unrelated } from './unrelated.ts';",
        'user.ts': "import type { Id } from './id.ts'; export interface User { id: Id }",
        'id.ts': 'export type Id = number;',
        'unrelated.ts': 'export declare function unrelated(): never[];',
      }),
    ).toEqual(['count.ts', 'id.ts', 'load.ts', 'user.ts']);
  });

  it('has no file of the default library or of Node', () => {
    expect(
      files({
        'main.ts':
          'export function f(a: Date, b: Buffer, c: Map<string, URL>): Partial<{ a: 1 }> { throw 0 }',
      }),
    ).toEqual([]);
  });
});

describe('cost', () => {
  it('does not resolve the members of library types', () => {
    const program = testProgram(
      `${PRELUDE}export function f(a: Date, b: Response, c: Readable, d: Map<string, URL>): Buffer { throw 0 }`,
    );
    const asked: string[] = [];
    const original = { ...program.checker };
    program.checker.getPropertiesOfType = (type) => {
      asked.push(program.checker.typeToString(type));
      return original.getPropertiesOfType(type);
    };
    program.signature('f');
    expect(asked).toEqual([]);
  });
});
