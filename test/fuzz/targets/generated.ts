// Codecs as the compiler generates them, for random types: any body is refused, or a value of the type that comes back.
import fc from 'fast-check';
import type { ValueOps } from '../../../runtime/contract/value-kit.ts';
import type { EntryCodec } from '../../../runtime/entry/entry.ts';
import { valueKit } from '../../../runtime/value/value-kit.ts';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { writeValue } from '../../../transformer/5-generate/write-value.ts';
import { forgePlain } from '../../runtime/envelope/forge.ts';
import { personCodec } from '../../runtime/envelope/samples.ts';
import { reachText } from '../../transformer/5-generate/classes.ts';
import { evaluate } from '../../transformer/5-generate/evaluate.ts';
import { REFS, shapeArb, valueArb } from '../../transformer/5-generate/shapes.ts';
import type { FuzzTarget } from '../target.ts';
import { bodyOf, stable } from './bodies.ts';

const TYPES = 24;
const SEED = 20_261_126;

/** A declared RegExp is made from the entry, as its type says. Classes are the user's code. */
function isOurs(shape: TypeShape): boolean {
  const text = JSON.stringify(shape);
  return !text.includes('RegExp') && !text.includes('"class"') && text.length > 40;
}

function codecOf(shape: TypeShape): EntryCodec {
  const create = evaluate(writeValue(shape, REFS, reachText)) as (kit: typeof valueKit) => ValueOps; // its text says so
  return personCodec({ value: create(valueKit), maxSizeBytes: 2 ** 20, compress: false });
}

const samples = fc
  .sample(
    shapeArb
      .filter(isOurs)
      .chain((shape) => fc.record({ shape: fc.constant(shape), value: valueArb(shape) })),
    { numRuns: TYPES, seed: SEED },
  )
  .map(({ shape, value }) => ({ codec: codecOf(shape), value }));

/** The first byte says of which type the rest is: changing it is a body of one type read as another. */
export const generatedTargets: readonly FuzzTarget[] = [
  {
    name: `generated codecs of ${TYPES} types`,
    seeds: samples.map(({ codec, value }, at) => Buffer.from([at, ...bodyOf(codec, value)])),
    check: (input) => {
      const codec = samples[(input[0] ?? 0) % TYPES]?.codec;
      return codec === undefined ? 'refused' : stable(codec, forgePlain(input.subarray(1)));
    },
  },
];
