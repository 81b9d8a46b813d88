// What brands a type and what is data (docs/guide/types.md): forms as their libraries declare them, and look-alikes.
import { describe, expect, it } from 'vitest';
import { printShape } from '../../../../../transformer/2-shape/print-shape.ts';
import { readSignature } from '../../../../../transformer/2-shape/read-signature.ts';
import { testProgram } from '../../../2-shape/typescript-program.ts';

const PRELUDE = `
interface User { id: number }
declare const tag: unique symbol, brandOf: unique symbol;
// type-fest
declare const tagged: unique symbol;
type Container<T> = { readonly [tagged]: T };
type Tag<N extends PropertyKey, M> = Container<{ [K in N]: M }>;
type Tagged<T, N extends PropertyKey, M = never> = T & Tag<N, M>;
// zod 3, zod 4
declare const BRAND: unique symbol, $brand: unique symbol;
type ZodBrand<T extends PropertyKey> = { [BRAND]: { [k in T]: true } };
type Zod4Brand<T extends PropertyKey> = { [$brand]: { [k in T]: true } };
// Effect
declare const BrandTypeId: unique symbol;
interface EffectBrand<in out K extends string | symbol> { readonly [BrandTypeId]: { readonly [k in K]: K } }
// ts-brand, ts-essentials, io-ts, flavors, by hand
type TsBrand<B, N> = B & { __type__: N; __witness__: B };
interface IoTs<B> { readonly [brandOf]: B }
type Flavor<T, N> = T & { _type?: N };
`;

const BRANDS: readonly (readonly [type: string, shape: string])[] = [
  ["Tagged<string, 'Id'>", 'string<Id>'],
  ["Tagged<Tagged<string, 'Id'>, 'Slug'>", 'string<Id Slug>'],
  ["string & ZodBrand<'Email'>", 'string<Email>'],
  ["number & Zod4Brand<'Age'>", 'number<Age>'],
  ["string & EffectBrand<'Id'>", 'string<Id>'],
  ["TsBrand<number, 'Cents'>", 'number<Cents __witness__>'],
  ['string & IoTs<"Slug">', 'string<Slug>'],
  ["Flavor<string, 'Id'>", 'string<Id>'],
  ["string & { readonly __brand: 'Id' }", 'string<Id>'],
  ["string & { readonly brand: 'Id' }", 'string<Id>'],
  ["string & { readonly _tag: 'Id' }", 'string<Id>'],
  ["string & { readonly kind: 'Id' }", 'string<Id>'],
  ['string & { readonly Id: unique symbol }', 'string<Id>'],
  ['string & { readonly Id: typeof tag }', 'string<Id>'],
  ['string & { readonly Id: never }', 'string<Id>'],
  ['string & { readonly isId: true }', 'string<isId>'],
  ['string & { readonly idBrand: { x: 1 } }', 'string<x>'],
  ['string & { readonly phantom?: { deep: number } }', 'string<deep>'],
  ['bigint & { readonly __wei: void }', 'bigint<__wei>'],
  ["'a' | (string & {})", 'string'],
  ['string & { readonly length: 2 }', 'string<length>'],
  // Beside arrays and what the platform has.
  ["number[] & { __brand: 'Path' }", 'number[]<Path>'],
  ["Tagged<Date, 'Day'>", 'Date<Day>'],
  // Beside data: a value never has the symbol; one that has is not stored.
  ["Tagged<User, 'Admin'>", '{ id: number }<Admin>'],
  ["User & EffectBrand<'Admin'>", '{ id: number }<Admin>'],
  ["User & ZodBrand<'Admin'> & ZodBrand<'Owner'>", '{ id: number }<Admin Owner>'],
  ["User & { __brand: 'Admin' }", '{ id: number; __brand?: "Admin" }<Admin>'],
  ['User & { readonly opaque: unique symbol }', '{ id: number }<opaque>'],
  ['object & { id: number }', '{ id: number }'],
];

const DATA: readonly (readonly [type: string, shape: string])[] = [
  ['string & { a: 1 }', '!impossible(string & { a: 1; })'],
  ['string & { count: number }', '!impossible(string & { count: number; })'],
  ["number & { __brand: 'x'; value: number }", `!impossible(number & { __brand: "x"; value: number; })`],
  ['string & { parse(): string }', '!impossible(string & { parse(): string; })'],
  ['string & { [key: string]: unknown }', '!impossible(string & { [key: string]: unknown; })'],
  ['string & (() => void)', '!impossible(string & (() => void))'],
  [
    'number & { [Symbol.iterator](): Iterator<1> }',
    '!impossible(number & { [Symbol.iterator](): Iterator<1, any, any>; })',
  ],
  ["User & { __typename: 'User' }", '{ id: number; __typename: "User" }'],
  ['User & { _id: string }', '{ id: number; _id: string }'],
  ["User & { kind: 'admin' }", '{ id: number; kind: "admin" }'],
  ['User & { brand: string }', '{ id: number; brand: string }'],
];

describe('an intersection', () => {
  const all = [...BRANDS, ...DATA];
  const program = testProgram(
    `${PRELUDE}\n${all.map(([type], index) => `export declare function f${index}(): { it: ${type} };`).join('\n')}`,
  );
  const reader = program.reader();
  it.each(all.map(([type, shape], index) => [type, shape, index] as const))('%s', (_type, shape, index) => {
    const { result, refs } = readSignature(reader, program.target(`f${index}`));
    expect(printShape(result, refs)).toBe(`{ it: ${shape} }`);
  });
});
