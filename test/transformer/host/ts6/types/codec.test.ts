// What the type reader says of classes with codecs, of built-ins that a text says, and of types that the build names.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { shapeHash } from '../../../../../transformer/2-shape/hash-shape.ts';
import { printShape } from '../../../../../transformer/2-shape/print-shape.ts';
import { readSignature } from '../../../../../transformer/2-shape/read-signature.ts';
import type { SignatureShape, TypeShape } from '../../../../../transformer/2-shape/type-shape.ts';
import type { BuildTypes } from '../../../../../transformer/build-types.ts';
import { codecModules } from '../../../../../transformer/host/ts6/types/codec-modules.ts';
import { contextOf } from '../../../../../transformer/host/ts6/types/origin.ts';
import { createTypeReader } from '../../../../../transformer/host/ts6/types/type-reader.ts';
import { testProgram } from '../../../2-shape/typescript-program.ts';

const CLASSES = `
import { codec, type Codec } from 'cachekit';
const shared = { id: 'shared/1', encode: (x: Named) => [x.name], decode: (x: string[]) => new Named(x[0]!) } as const;
export class Money { #c = 1; static readonly [codec]: Codec<Money, { c: bigint }> = { id: 'money/1', encode: () => ({ c: 1n }), decode: () => new Money() } }
export class Dollars extends Money { cents(): number { return 1 } }
export class Named { constructor(readonly name: string) {} hi(): void {} static readonly [codec] = shared }
export class Loose { #a = 1; static readonly [codec]: Codec<Loose> = { id: 'loose/1', encode: () => 1, decode: () => new Loose() } }
declare const id: string;
export class Dynamic { #a = 1; static readonly [codec]: Codec<Dynamic, 1> = { id, encode: () => 1, decode: () => new Dynamic() } }
const own = Symbol('codec');
export class Fake { #a = 1; static readonly [own] = { id: 'x', encode: () => 1, decode: () => new Fake() } }
export class Node2 { #kids: Node2[] = []; static readonly [codec]: Codec<Node2, Node2[]> = { id: 'node/1', encode: (n) => n.#kids, decode: () => new Node2() } }
export default class Plain { #a = 1; static readonly [codec]: Codec<Plain, 1> = { id: 'plain/1', encode: () => 1, decode: () => new Plain() } }
`;

const MAIN = `
import Main2, { Money, Dollars, Named as Called, Loose, Dynamic, Fake, Node2 } from './classes.ts';
import * as all from './classes.ts';
import type { Named } from './classes.ts';
import type { Hidden } from './hidden.ts';
import { codec, type Codec, type Secret } from 'cachekit';
import type { Foreign, Log, Person } from './foreign.ts';
import type { PrismaClient } from './prisma.ts';
import type * as own from './own-prisma.ts';
class Here { #a = 1; static readonly [codec]: Codec<Here, string> = { id: 'here/1', encode: () => '', decode: () => new Here() } }
namespace Deep { export class Inner { #a = 1; static readonly [codec]: Codec<Inner, string> = { id: 'inner/1', encode: () => '', decode: () => new Inner() } } }
export declare function f0(): Money;
export declare function f1(): Dollars;
export declare function f2(): Called;
export declare function f3(): Loose;
export declare function f4(): Dynamic;
export declare function f5(): Fake;
export declare function f6(): Node2;
export declare function f7(): Main2;
export declare function f8(): Here;
export declare function f9(): Deep.Inner;
export declare function f10(): Hidden;
export declare function f11(): typeof Money;
export declare function f12(): Map<Money, readonly Here[] | null>;
export declare function f13(): Foreign;
export declare function f14(): Person;
export declare function g(signal: AbortSignal | undefined, log: Log, both: AbortSignal | string, list: AbortSignal[], token: Secret<string>): 1;
export declare function h(db: PrismaClient, own: own.PrismaClient): 1;
`;

const FILES = {
  'main.ts': MAIN,
  'classes.ts': CLASSES,
  'hidden.ts': `import { codec, type Codec } from 'cachekit';
export class Hidden { #a = 1; static readonly [codec]: Codec<Hidden, 1> = { id: 'hidden/1', encode: () => 1, decode: () => new Hidden() } }`,
  'foreign.ts': `export class Foreign { #a = 1 } export interface Log { info(text: string): void } export interface Person { name: string }`,
  // As Prisma 7 writes it.
  'prisma.ts': `namespace $Class { export interface PrismaClient<in out Omit = unknown> { $connect(): Promise<void>; $transaction(list: Omit[]): Promise<void>; $extends: object } }
export type PrismaClient<Omit = unknown> = $Class.PrismaClient<Omit>;`,
  'own-prisma.ts': `export interface PrismaClient { query(text: string): string }`,
  'sub/codecs.ts': `import { defineCodec } from 'cachekit'; import { Foreign } from '../foreign.ts';
export const foreign = defineCodec(Foreign, { id: 'foreign/1', encode: (x) => new Date(), decode: (x: Date) => new Foreign() });
export const other = 1;`,
};

const program = testProgram(FILES);
const BUILD: BuildTypes = {
  codecs: ['./virtual/sub/codecs.ts'],
  sensitiveTypes: ['cachekit-workspace#Person'],
  ignoredTypes: ['cachekit-workspace#Log'],
};

function signature(name: string, build?: BuildTypes): SignatureShape {
  const reader = createTypeReader(ts, program.program, program.checker, program.file('main.ts'), build);
  return readSignature(reader, program.target(name));
}

const classOf = (name: string, build?: BuildTypes): Extract<TypeShape, { kind: 'class' }> => {
  const { result } = signature(name, build);
  if (result.kind !== 'class') throw new Error(JSON.stringify(result));
  return result;
};

describe('classes with a codec', () => {
  it.each([
    ['f0', 'Money', 'money/1', '{ c: bigint }', { kind: 'module', from: './classes.ts', name: 'Money' }],
    ['f2', 'Named', 'shared/1', 'string[]', { kind: 'module', from: './classes.ts', name: 'Named' }],
    ['f3', 'Loose', 'loose/1', 'any', { kind: 'module', from: './classes.ts', name: 'Loose' }],
    ['f7', 'default', 'plain/1', '1', { kind: 'module', from: './classes.ts', name: 'default' }],
    ['f8', 'Here', 'here/1', 'string', { kind: 'local', name: 'Here' }],
  ])('%s is %s', (name, className, id, wire, reach) => {
    const shape = classOf(name);
    expect([shape.name, shape.id, printShape(shape.wire), shape.reach]).toEqual([className, id, wire, reach]);
  });

  it.each([
    ['f9', /inside something/],
    ['f10', /type only/],
  ])('%s cannot be reached', (name, why) => {
    const shape = classOf(name);
    expect([shape.reach, shape.why]).toEqual([undefined, expect.stringMatching(why)]);
  });

  it('is none where a subclass inherits it, the symbol is another, or the id is no literal', () => {
    expect(signature('f1').result).toMatchObject({ kind: 'unsupported', reason: 'class' });
    expect(signature('f5').result).toMatchObject({ kind: 'unsupported', reason: 'class' });
    expect(signature('f4').result).toMatchObject({
      kind: 'unsupported',
      reason: 'class',
      why: /literal/ as never,
    });
    expect(signature('f11').result).toMatchObject({ kind: 'unsupported', reason: 'function' });
  });

  it('may hold instances of itself, and be anywhere', () => {
    const { result, refs } = signature('f6');
    expect([result, printShape(refs[0] ?? result)]).toEqual([{ kind: 'ref', id: 0 }, 'Node2']);
    expect(printShape(signature('f12').result)).toBe('Map<Money, readonly Here[] | null>');
  });

  it('has id and data in the fingerprint, and not how it is reached', () => {
    const one = signature('f0');
    const money = classOf('f0');
    const hash = (result: TypeShape): string => shapeHash({ ...one, result });
    expect(hash({ ...money, name: 'Cash', reach: { kind: 'local', name: 'Cash' } })).toBe(shapeHash(one));
    expect(hash({ ...money, id: 'money/2' })).not.toBe(shapeHash(one));
    expect(hash({ ...money, wire: { kind: 'any' } })).not.toBe(shapeHash(one));
  });
});

describe('build options', () => {
  it('codecs: the class of a ClassCodec that a module exports', () => {
    expect(signature('f13').result).toMatchObject({ kind: 'unsupported', reason: 'class' });
    const shape = classOf('f13', BUILD);
    expect([shape.id, shape.wire, shape.reach]).toEqual([
      'foreign/1',
      { kind: 'date' },
      { kind: 'module', from: './sub/codecs.ts', name: 'foreign', foreign: true },
    ]);
  });

  const { NodeNext: module } = ts.ModuleKind;
  const { NodeNext: moduleResolution } = ts.ModuleResolutionKind;
  it.each([
    ['.ts', {}],
    ['.ts', { rewriteRelativeImportExtensions: true, allowImportingTsExtensions: false }],
    ['', { allowImportingTsExtensions: false }],
    ['.js', { allowImportingTsExtensions: false, module, moduleResolution }],
  ])('codecs: imported with the extension that the project writes: %j for %j', (extension, options) => {
    const other = testProgram(FILES, options);
    const reader = createTypeReader(ts, other.program, other.checker, other.file('main.ts'), BUILD);
    const { result } = readSignature(reader, other.target('f13'));
    expect(result).toMatchObject({ reach: { from: `./sub/codecs${extension}` } });
  });

  it('codecs: says which modules are not there', () => {
    const context = contextOf(ts, program.program, program.checker);
    const build = { ...BUILD, codecs: [...BUILD.codecs, './nowhere.ts', 'no-such-package'] };
    expect(codecModules({ ...context, build }).map(({ source }) => source === undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('sensitiveTypes: as Pii', () => {
    expect(printShape(signature('f14').result)).toBe('{ name: string }');
    expect(printShape(signature('f14', BUILD).result)).toBe('Pii<{ name: string }>');
  });

  it('ignoredTypes and what is known: by declaration, not inside of others', () => {
    const injected = (build?: BuildTypes) => signature('g', build).bound.map((param) => param.injected);
    expect(injected()).toEqual(['AbortSignal', undefined, undefined, undefined, undefined]);
    expect(injected(BUILD)).toEqual(['AbortSignal', 'Log', undefined, undefined, undefined]);
  });

  it('knows the client that Prisma generates into the project', () => {
    const injected = signature('h').bound.map((param) => param.injected);
    expect(injected).toEqual(['PrismaClient', undefined]);
  });
});

describe('built-ins by declaration', () => {
  const types = [
    'URL',
    'RegExp',
    'Temporal.Instant',
    'Temporal.Duration',
    'Temporal.PlainMonthDay',
    'DataView',
    'SharedArrayBuffer',
    'Uint8Array<SharedArrayBuffer>',
    'Missing',
    'Own.URL',
  ];
  const text = `namespace Own { export interface URL { href: string } }
${types.map((type, index) => `export declare function f${index}(): { a: ${type} };`).join('\n')}`;
  const other = testProgram(text, { lib: ['lib.esnext.d.ts'] });

  it.each(
    [
      '{ a: URL }',
      '{ a: RegExp }',
      '{ a: Temporal.Instant }',
      '{ a: Temporal.Duration }',
      '{ a: Temporal.PlainMonthDay }',
      '{ a: !built-in(DataView<ArrayBufferLike>) }',
      '{ a: !built-in(SharedArrayBuffer) }',
      '{ a: !built-in(Uint8Array<SharedArrayBuffer>) }',
      '{ a: !unresolved(Missing) }',
      '{ a: { href: string } }',
    ].map((shape, index) => [types[index] ?? '', shape, index] as const),
  )('%s', (_type, shape, index) => {
    expect(printShape(other.signature(`f${index}`).result)).toBe(shape);
  });
});
