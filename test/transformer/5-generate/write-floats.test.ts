import { describe, expect, it } from 'vitest';
import type { InteropFloats } from '../../../runtime/contract/float-places.ts';
import { encodeInterop, encodeTyped } from '../../../runtime/interop/encode-interop.ts';
import { float64, interopKey } from '../../../runtime/interop/index.ts';
import { typedKey } from '../../../runtime/interop/interop-key.ts';
import { writeFloats } from '../../../transformer/5-generate/write-floats.ts';
import { testProgram } from '../2-shape/typescript-program.ts';
import { evaluate } from './evaluate.ts';

/** What the compiler says of `(a: argument) => Promise<result>`, as the runtime gets it. */
function floatsOf(argument: string, result: string, more = ''): InteropFloats | undefined {
  const program = testProgram(`
    import type { Float64 } from 'cachekit';
    ${more}
    export async function f(a: ${argument}): Promise<${result}> { throw a; }
  `);
  const signature = program.signature('f');
  const text = writeFloats(
    signature.bound.map((param) => param.shape),
    signature,
  );
  return text === undefined ? undefined : (evaluate(`() => (${text})`)() as InteropFloats); // the text of such an object
}

const f = float64;

describe('numbers declared Float64', () => {
  it.each<[type: string, value: unknown, asOthersSeeIt: unknown]>([
    ['Float64', 2, f(2)],
    ['Float64', -0, f(-0)],
    ['Float64', 0.5, f(0.5)],
    ['Float64 | null', 2, f(2)],
    ['{ a: Float64; b: number }', { a: 2, b: 2 }, { a: f(2), b: 2 }],
    ['{ a?: Float64 }', {}, {}],
    ['Float64[]', [1, 2], [f(1), f(2)]],
    ['[number, Float64, ...Float64[]]', [1, 2, 3, 4], [1, f(2), f(3), f(4)]],
    ['Record<string, Float64>', { x: 1 }, { x: f(1) }],
    ['{ n: number } & Record<`s${string}`, never>', { n: 1 }, { n: 1 }],
    ['{ toString: Float64; n: number }', { toString: 1, n: 1 }, { toString: f(1), n: 1 }],
    ['({ a: Float64 } | { b: number })[]', [{ a: 1 }, { b: 1 }], [{ a: f(1) }, { b: 1 }]],
    [
      'List',
      { v: 1, n: 1, next: { v: 2, n: 2, next: null } },
      { v: f(1), n: 1, next: { v: f(2), n: 2, next: null } },
    ],
  ])('in a result of type %s are floats also when they are whole', (type, value, others) => {
    const floats = floatsOf('number', type, 'interface List { v: Float64; n: number; next: List | null }');
    expect(Buffer.from(encodeTyped(value, floats))).toEqual(Buffer.from(encodeInterop(others)));
  });

  it('are what Python writes for a float: nine bytes', () => {
    const bytes = encodeTyped({ ratio: 2 }, floatsOf('number', '{ ratio: Float64 }'));
    expect(Buffer.from(bytes).toString('hex')).toBe('81a5726174696fcb4000000000000000');
  });

  it('as arguments count as the integers that they are, however large', () => {
    const floats = floatsOf('{ at: Float64 }', 'number');
    const key = (at: unknown): string => interopKey('n', 'op', [{ at }]);
    expect(typedKey('n', 'op', [{ at: 2 }], floats)).toBe(key(2));
    expect(typedKey('n', 'op', [{ at: 2 ** 60 }], floats)).toBe(key(2n ** 60n));
    expect(() => key(2 ** 60)).toThrow(/beyond 2\^53/);
    expect(() => typedKey('n', 'op', [{ at: NaN }], floats)).toThrow(/not in the data model/);
  });

  it('cost nothing where there are none', () => {
    expect(floatsOf('number', '{ a: number }')).toBeUndefined();
  });
});
