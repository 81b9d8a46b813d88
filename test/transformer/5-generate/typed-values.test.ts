// Random TypeScript types, compiled as a function's result: their values go through the codec that the compiler writes.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ValueOps } from '../../../runtime/contract/value-kit.ts';
import { decodeAny, encodeAny } from '../../../runtime/value/tagged-wire.ts';
import { valueKit } from '../../../runtime/value/value-kit.ts';
import type { SignatureShape, TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { writeValue } from '../../../transformer/5-generate/write-value.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { testProgram } from '../2-shape/typescript-program.ts';
import { evaluate } from './evaluate.ts';
import { recursiveArb } from './recursive-shapes.ts';
import { layout } from './reorder.ts';
import { REFS, shapeArb, valueArb } from './shapes.ts';
import { throughMessagePack, throughWire } from './through-wire.ts';
import { declareRefs, typeText } from './type-text.ts';

/** Types that one program is made of; starting the checker costs more than a type. */
const TYPES = 30;

/**
 * Classes have codecs in modules of their own, and Temporal is in no library that every TypeScript has. `unknown` and `{}`
 * take in the other arms of a union, and a RegExp is stored only where the type still says so.
 */
const writable = shapeArb.filter((shape) => {
  const text = JSON.stringify(shape);
  const isOpen = /"any"|"properties":\[\]/.test(text);
  return !/"class"|Temporal/.test(text) && !(isOpen && text.includes('RegExp'));
});

interface Typed {
  /** A module with a function `f` that returns a value of the type. */
  readonly code: string;
  readonly values: readonly unknown[];
}

/** In an object: `unknown` alone is no result. */
function typedArb(shape: TypeShape, refs: readonly TypeShape[]): fc.Arbitrary<Typed> {
  const value = fc.record({ of: valueArb(shape, refs, 8) }, { noNullPrototype: true });
  const code = `${declareRefs(refs)}\nexport async function f(): Promise<{ of: ${typeText(shape)} }> { throw 0; }`;
  return fc.record({ code: fc.constant(code), values: fc.array(value, { minLength: 3, maxLength: 3 }) });
}

const typed = fc.oneof(
  { weight: 2, arbitrary: writable.chain((shape) => typedArb(shape, REFS)) },
  { weight: 1, arbitrary: recursiveArb.chain(({ shape, refs }) => typedArb(shape, refs)) },
);

/** "Type alias circularly references itself": how TypeScript sees some types with a tuple. */
const CIRCULAR = 2456;

/** As the compiler reads the result of each module's function; undefined for types that TypeScript refuses. */
function compiled(modules: readonly string[]): readonly (SignatureShape | undefined)[] {
  const named = modules.map((code, at) => [`m${at}.ts`, code] as const);
  const all = testProgram(Object.fromEntries(named));
  return named.map(([name]) => {
    const errors = all.program.getSemanticDiagnostics(all.file(name));
    return errors.some(({ code }) => code === CIRCULAR) ? undefined : all.signature('f', name);
  });
}

type Outcome = 'shaped' | 'tagged' | 'changed' | 'refused';

/** What becomes of a value: by the codec, or in tagged form where its properties have an order that TypeScript does not know. */
function outcomeOf(ops: ValueOps, value: unknown): Outcome {
  if (!ops.accepts(value)) {
    if (!ops.accepts(value, true)) return 'refused';
    return isDeepStrictEqual(decodeAny(encodeAny(value)), value) ? 'tagged' : 'changed';
  }
  const isKept = [throughMessagePack(ops), throughWire(ops)].every((form) => {
    const back = form.decode(form.encode(value) as never); // of the same form
    return isDeepStrictEqual(back, value) && layout(back) === layout(value);
  });
  return isKept ? 'shaped' : 'changed';
}

it(
  'what the compiler writes for a type takes each of its values, and gives it back exactly',
  { timeout: 120_000 },
  () => {
    const seen: Outcome[] = [];
    fc.assert(
      fc.property(fc.array(typed, { minLength: TYPES, maxLength: TYPES }), (all) => {
        const signatures = compiled(all.map(({ code }) => code));
        const outcomes = all.flatMap(({ code, values }, at) => {
          const signature = signatures[at];
          if (signature === undefined) return [];
          const { result, refs } = signature;
          const ops = evaluate(writeValue(result, refs))(valueKit) as ValueOps; // the text of such a function
          return values.map((value) => [code, outcomeOf(ops, value)] as const);
        });
        seen.push(...outcomes.map(([, outcome]) => outcome));
        const wrong = outcomes.filter(([, outcome]) => outcome === 'changed' || outcome === 'refused');
        expect(wrong).toEqual([]);
      }),
      { numRuns: 4, endOnFailure: true },
    );
    // Nearly all go through the generated code.
    expect(seen.filter((outcome) => outcome === 'shaped').length).toBeGreaterThan(0.9 * seen.length);
  },
);
