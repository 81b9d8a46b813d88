// Values in tagged form, as docs/spec/frame.md describes it, and as somebody writes it who wants more than it gives: other
// kinds, wrong lengths, names that mean something to JavaScript. Random changes of bytes hardly ever make such a thing.
import fc from 'fast-check';
import { Packr } from 'msgpackr';

const NAMES = ['a', 'b', '__proto__', 'constructor', 'toString', 'then', 'toJSON', '0', ''];
const TYPES = [
  'RegExp',
  'RegExp',
  'RegExp',
  'URL',
  'Function',
  'Error',
  'Temporal.Instant',
  'Temporal.Duration',
  'Uint8Array',
  'Float64Array',
  'BigInt64Array',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'Buffer',
  'constructor',
  '__proto__',
];
const TEXTS = [
  '/(a+)+$',
  'g/x',
  'https://example.com/',
  '2024-01-01T00:00:00Z',
  '0 0 0 0 0 0 0 0 0 0',
  'return process',
  '-ff',
  '00',
];

/** Arrays, texts, numbers, bytes: what both formats have. */
export const taggedWire: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const any = tie('any');
  const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 4 }));
  const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ maxLength: 8 }));
  const pair = fc.tuple(fc.oneof({ weight: 5, arbitrary: name }, { weight: 1, arbitrary: any }), any);
  return {
    any: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.double(),
        text,
        fc.uint8Array({ maxLength: 16 }),
      ),
      fc.tuple(fc.constantFrom(7, 8, 8, 9), fc.constantFrom(...TYPES), fc.oneof(text, any)),
      fc.tuple(fc.constantFrom(0, 6), fc.array(any, { maxLength: 4 })).map(([tag, items]) => [tag, ...items]),
      fc
        .tuple(fc.constantFrom(1, 2, 5), fc.array(pair, { maxLength: 3 }))
        .map(([tag, pairs]) => [tag, ...pairs.flat()]),
      fc.array(fc.oneof(fc.integer(), text), { maxLength: 2 }).map((rest) => [3, ...rest]),
      fc.oneof(fc.integer(), fc.double(), text).map((time) => [4, time]),
      fc.array(any, { maxLength: 4 }),
    ),
  };
})['any'] as fc.Arbitrary<unknown>; // letrec knows it by name only

const packr = new Packr({ useRecords: false, variableMapSize: true });

/** By a writer that is not ours. */
export function asMessagePack(wire: unknown): Buffer {
  return Buffer.from(packr.pack(wire));
}

/** With the objects that stand for what JSON lacks. */
export function asJson(wire: unknown): Buffer {
  return Buffer.from(
    JSON.stringify(wire, (_name, part: unknown) => {
      if (typeof part === 'number' && !Number.isFinite(part)) return { n: String(part) };
      return part instanceof Uint8Array ? { b: Buffer.from(part).toString('base64') } : part;
    }),
  );
}
