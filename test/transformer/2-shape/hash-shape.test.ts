import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalShape, shapeHash } from '../../../transformer/2-shape/hash-shape.ts';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { testProgram } from './typescript-program.ts';

const PRELUDE = `
import type { Pii } from 'cachekit';
interface Tree { v: number; kids: Tree[] }
interface Tree2 { kids: Tree2[]; readonly v: number }
interface A { b: B | null; n: number } interface B { a: A; s: string }
interface A2 { n: number; b: B2 | null } interface B2 { s: string; a: A3 } interface A3 { b: B2 | null; n: number }
interface Odd { next: Even } interface Even { next: Odd } interface Any { next: Any }
interface User { id: number; name: string }
interface Person { readonly name: string; id: number }
class Data { id = 1; name = '' }
type Alias = User;
enum One { A = 1, B = 2 } enum Two { X = 2, Y = 1 } enum Three { A = 1, B = 3 }
`;

/** Hashes of many result types at once: one program. */
function hashes(types: readonly string[], generic = (type: string) => `(): ${type}`): string[] {
  const text = types.map((type, index) => `export declare function f${index}${generic(type)};`).join('\n');
  const program = testProgram(PRELUDE + text);
  return types.map((_, index) => shapeHash(program.signature(`f${index}`)));
}

const SAME: readonly (readonly [what: string, a: string, b: string])[] = [
  ['name of the interface, order and readonly of properties', 'User', 'Person'],
  ['alias', 'User', 'Alias'],
  ['literal type or interface', 'User', '{ name: string; id: number }'],
  ['mapped type', 'Partial<User>', '{ name?: string; id?: number }'],
  ['data class or plain object', 'User', 'Data'],
  ['order of a union', "'a' | 'b' | null", "null | 'b' | 'a'"],
  ['order of object arms', 'User | { x: 1 }', '{ x: 1 } | Person'],
  ['two names for one arm', 'User | Person', 'User'],
  ['readonly array', 'readonly User[]', 'Person[]'],
  ['readonly map', 'ReadonlyMap<string, 1>', 'Map<string, 1>'],
  ['readonly tuple and labels', 'readonly [a: 1, b: 2]', '[1, 2]'],
  ['names of enum members', 'One', 'Two'],
  ['explicit undefined of an optional property', '{ a?: 1 }', '{ a?: 1 | undefined }'],
  ['promise around the result', 'Promise<User>', 'User'],
  ['recursive interface by another name', 'Tree', 'Tree2'],
  ['recursion unrolled once', 'Tree', '{ v: number; kids: Tree[] }'],
  ['recursion unrolled twice', 'Tree[]', '{ v: number; kids: { v: number; kids: Tree2[] }[] }[]'],
  ['mutual recursion split in more types', 'A', 'A2'],
  ['mutual recursion from the other end', 'A', '{ n: number; b: B | null }'],
  ['cycle of two or of one', 'Odd', 'Any'],
];

const DIFFERENT: readonly (readonly [what: string, a: string, b: string])[] = [
  ['property name', '{ a: 1 }', '{ b: 1 }'],
  ['property added', '{ a: 1 }', '{ a: 1; b: 1 }'],
  ['optional', '{ a: 1 }', '{ a?: 1 }'],
  ['optional or undefined', '{ a?: 1 }', '{ a: 1 | undefined }'],
  ['literal set', "'a' | 'b'", "'a' | 'c'"],
  ['literal or its primitive', "'a'", 'string'],
  ['literal number or string', '1', "'1'"],
  ['bigint or number literal', '1', '1n'],
  ['null or undefined', '1 | null', '1 | undefined'],
  ['values of an enum', 'One', 'Three'],
  ['brand', "string & { __b: 'X' }", "string & { __b: 'Y' }"],
  ['brand or none', "string & { __b: 'X' }", 'string'],
  ['template', '`a-${string}`', '`b-${string}`'],
  ['sensitive', 'Pii<string>', 'string'],
  ['array or set', 'string[]', 'Set<string>'],
  ['array or tuple', '1[]', '[1]'],
  ['tuple length', '[1]', '[1, 1]'],
  ['tuple order', '[1, 2]', '[2, 1]'],
  ['tuple rest', '[1, ...1[]]', '[1, 1?]'],
  ['map or record', 'Map<string, 1>', 'Record<string, 1>'],
  ['map key', 'Map<string, 1>', 'Map<number, 1>'],
  ['map sides', 'Map<string, number>', 'Map<number, string>'],
  ['record or object', 'Record<string, 1>', '{ a: 1 }'],
  ['kind of bytes', 'Uint8Array', 'Buffer'],
  ['date or string', 'Date', 'string'],
  ['deep in a recursion', 'Tree', '{ v: number; kids: { v: string; kids: Tree[] }[] }'],
  ['shape of a cycle', '{ next: Odd } | null', '{ next: Odd | null } | null'],
  ['result or its array', 'Tree', 'Tree[]'],
  ['deep nesting', '{ a: { b: { c: { d: 1 } } } }', '{ a: { b: { c: { d: 2 } } } }'],
];

describe('the shape fingerprint', () => {
  const same = hashes(SAME.flatMap(([, a, b]) => [a, b]));
  const different = hashes(DIFFERENT.flatMap(([, a, b]) => [a, b]));

  it.each(SAME.map(([what], index) => [what, index] as const))('does not see: %s', (_, index) => {
    expect(same[2 * index]).toBe(same[2 * index + 1]);
  });

  it.each(DIFFERENT.map(([what], index) => [what, index] as const))('sees: %s', (_, index) => {
    expect(different[2 * index]).not.toBe(different[2 * index + 1]);
  });

  it('is 16 hex digits and covers parameters, but not their names', () => {
    const [a, renamed, other, optional, rest, more] = hashes(
      ['(a: string)', '(b: string)', '(a: number)', '(a?: string)', '(...a: string[])', '(a: string, b: 1)'],
      (params) => `${params}: 1`,
    );
    expect(a).toMatch(/^[0-9a-f]{16}$/);
    expect(renamed).toBe(a);
    expect(new Set([a, other, optional, rest, more]).size).toBe(5);
  });

  it('stays the same from release to release: it is part of stored keys', () => {
    expect(hashes(['{ id: number; tags?: string[]; at: Date | null }', 'Tree'])).toMatchInlineSnapshot(`
      [
        "ade8665a9a72f7de",
        "c81594b9861a62eb",
      ]
    `);
  });
});

describe('canonical text', () => {
  const leaf = fc.constantFrom<TypeShape>(
    { kind: 'primitive', name: 'string' },
    { kind: 'literal', value: 1 },
    { kind: 'date' },
    { kind: 'any' },
  );
  const shapes = fc.letrec<{ shape: TypeShape }>((tie) => ({
    shape: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      fc
        .array(tie('shape'), { minLength: 2, maxLength: 4 })
        .map((arms): TypeShape => ({ kind: 'union', arms })),
      tie('shape').map((element): TypeShape => ({ kind: 'array', element, readonly: false })),
      fc
        .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), tie('shape'), fc.boolean()), {
          selector: ([name]) => name,
        })
        .map((list): TypeShape => ({
          kind: 'object',
          properties: list.map(([name, shape, optional]) => ({ name, shape, optional, readonly: false })),
        })),
    ),
  })).shape;

  const reversed = (shape: TypeShape): TypeShape => {
    switch (shape.kind) {
      case 'union':
        return { ...shape, arms: shape.arms.map(reversed).toReversed() };
      case 'array':
        return { ...shape, element: reversed(shape.element), readonly: true };
      case 'object':
        return {
          ...shape,
          name: 'Other',
          properties: shape.properties
            .map((property) => ({ ...property, shape: reversed(property.shape) }))
            .toReversed(),
        };
      default:
        return shape;
    }
  };

  it('does not depend on order, readonly or names, for any shape', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(canonicalShape(reversed(shape), [])).toBe(canonicalShape(shape, []));
      }),
    );
  });

  it('does not depend on whether a part is written out or a ref', () => {
    fc.assert(
      fc.property(shapes, shapes, (part, other) => {
        const pair = (shape: TypeShape): TypeShape => ({
          kind: 'tuple',
          readonly: false,
          elements: [shape, other, shape].map((element) => ({
            shape: element,
            optional: false,
            rest: false,
          })),
        });
        expect(canonicalShape(pair({ kind: 'ref', id: 0 }), [part])).toBe(canonicalShape(pair(part), []));
      }),
    );
  });

  it('survives refs that lead nowhere but to themselves', () => {
    expect(canonicalShape({ kind: 'ref', id: 0 }, [{ kind: 'ref', id: 0 }])).toContain('union []');
    expect(canonicalShape({ kind: 'ref', id: 7 }, [])).toContain('nothing');
  });
});
