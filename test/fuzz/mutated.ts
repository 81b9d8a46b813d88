// Inputs made from seeds: every bit and every cut one after the other, and random changes.
import fc from 'fast-check';
import type { FuzzTarget } from './target.ts';

/** Every bit flipped, and every cut. */
export function* everyChange(seed: Buffer): Generator<Buffer> {
  for (let bit = 0; bit < seed.length * 8; bit++) {
    const copy = Buffer.from(seed);
    copy[bit >> 3] = copy.readUInt8(bit >> 3) ^ (1 << (bit & 7));
    yield copy;
  }
  for (let length = 0; length < seed.length; length++) yield Buffer.from(seed.subarray(0, length));
}

type Change = (input: Buffer, seeds: readonly Buffer[]) => Buffer;

/** Bytes that mean something to one format or another. */
const BYTES = [0, 1, 0x22, 0x2d, 0x5b, 0x7b, 0x7f, 0x80, 0x90, 0xa0, 0xc0, 0xc1, 0xc4, 0xcb, 0xd9, 0xff];
const LENGTHS = [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const TEXTS = ['__proto__', 'constructor', 'toString', 'RegExp', '(a+)+$', '1e999', '-0', '\ud800', '\0'];

const at = fc.nat(100_000);
const cutIn = (input: Buffer, place: number): number => (input.length === 0 ? 0 : place % (input.length + 1));
const splice = (input: Buffer, place: number, removed: number, added: Uint8Array): Buffer => {
  const start = cutIn(input, place);
  return Buffer.concat([input.subarray(0, start), added, input.subarray(start + removed)]);
};

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(at, fc.nat(7)).map(([place, bit]): Change => (input) => {
    if (input.length === 0) return input;
    const copy = Buffer.from(input);
    copy[place % copy.length] = copy.readUInt8(place % copy.length) ^ (1 << bit);
    return copy;
  }),
  fc.tuple(at, fc.oneof(fc.constantFrom(...BYTES), fc.nat(255))).map(
    ([place, byte]): Change =>
      (input) =>
        splice(input, place, 1, Buffer.from([byte])),
  ),
  fc
    .tuple(at, fc.constantFrom(...LENGTHS), fc.boolean(), fc.constantFrom(1, 2, 4))
    .map(([place, value, isLittle, size]): Change => (input) => {
      const field = Buffer.alloc(4);
      if (isLittle) field.writeUInt32LE(value);
      else field.writeUInt32BE(value);
      return splice(input, place, size, isLittle ? field.subarray(0, size) : field.subarray(4 - size));
    }),
  fc.tuple(at, fc.uint8Array({ maxLength: 16 }), fc.nat(16)).map(
    ([place, added, removed]): Change =>
      (input) =>
        splice(input, place, removed, added),
  ),
  fc.tuple(at, fc.constantFrom(...TEXTS)).map(
    ([place, text]): Change =>
      (input) =>
        splice(input, place, 0, Buffer.from(text)),
  ),
  // A part of itself, again.
  fc.tuple(at, at, fc.nat(64)).map(([place, from, size]): Change => (input) => {
    const start = cutIn(input, from);
    return splice(input, place, 0, input.subarray(start, start + size));
  }),
  // The rest of another seed.
  fc.tuple(at, fc.nat(1000)).map(([place, other]): Change => (input, seeds) => {
    const end = seeds[other % seeds.length] ?? input;
    return Buffer.concat([input.subarray(0, cutIn(input, place)), end.subarray(cutIn(end, place))]);
  }),
  at.map(
    (place): Change =>
      (input) =>
        input.subarray(0, cutIn(input, place)),
  ),
);

/** Seeds with up to 8 changes, random bytes, and what the target's own grammar makes. */
export function inputsOf({ seeds, made }: FuzzTarget): fc.Arbitrary<Buffer> {
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 8 }))
    .map(([seed, changes]) => changes.reduce((input, one) => one(input, seeds), seed));
  const random = fc.uint8Array({ maxLength: 4096 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof(
    { weight: 8, arbitrary: mutated },
    { weight: 1, arbitrary: random },
    { weight: made === undefined ? 0 : 3, arbitrary: made ?? random },
  );
}
