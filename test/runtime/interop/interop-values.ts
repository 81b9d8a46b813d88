// Values and arguments of the data model, for property tests.
import fc from 'fast-check';

/** The well-formed texts that sort, cut and decode differently from ASCII are frequent. */
export const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(fc.constantFrom('a', '\u{10000}', '\u{FFFD}', '\u{E000}', '\u{FEFF}', '\u{D7FF}'), {
      maxLength: 5,
    })
    .map((all) => all.join('')),
  fc.constantFrom('__proto__', 'constructor', 'toString', '10', '9', 'length', ''),
);

const integer = fc
  .oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -300, max: 300 }),
    fc
      .tuple(fc.integer({ min: 0, max: 52 }), fc.integer({ min: -1, max: 1 }), fc.constantFrom(1, -1))
      .map(([bits, offset, sign]) => sign * (2 ** bits + offset)),
  )
  .map((value) => (value === 0 ? 0 : value));

/** Those that come back as bigint. */
const wideInteger = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
  .filter((value) => !Number.isSafeInteger(Number(value)));

const date = fc.date({
  min: new Date(-62_135_596_800_000),
  max: new Date(253_402_300_799_999),
  noInvalidDate: true,
});

const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(300)));

const plain = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .uniqueArray(fc.tuple(text, values), { selector: ([name]) => name, maxLength: 6 })
    .map(Object.fromEntries);

/** Values that come back exactly as they are. */
export const modelValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(null, true, false, -0),
      integer,
      wideInteger,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      text,
      date,
      bytes,
    ),
    fc.array(tie('value'), { maxLength: 20 }),
    plain(tie('value')),
  ),
})).value;

/** An argument beside what it means: equal meanings, and only they, have equal keys. */
export interface Meant {
  readonly argument: unknown;
  readonly meaning: string;
}

const leaf: fc.Arbitrary<Meant> = fc.oneof(
  fc.constantFrom<Meant>(
    { argument: null, meaning: 'null' },
    { argument: true, meaning: 'true' },
    { argument: -0, meaning: 'i0' },
    { argument: 0n, meaning: 'i0' },
  ),
  integer.map((argument) => ({ argument, meaning: `i${argument}` })),
  integer.map((argument) => ({ argument: BigInt(argument), meaning: `i${argument}` })),
  wideInteger.map((argument) => ({ argument, meaning: `i${argument}` })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Number.isInteger(value))
    .map((argument) => ({ argument, meaning: `f${argument}` })),
  text.map((argument) => ({ argument, meaning: `t${JSON.stringify(argument)}` })),
  fc.uint8Array({ maxLength: 4 }).map((argument) => ({ argument, meaning: `b${argument.join()}` })),
);

/** Small, so that equal and nearly equal arguments are frequent. */
export const meantArgument: fc.Arbitrary<Meant> = fc.letrec<{ meant: Meant }>((tie) => ({
  meant: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('meant'), { maxLength: 3 }).map((items) => ({
      argument: items.map((item) => item.argument),
      meaning: `[${items.map((item) => item.meaning).join()}]`,
    })),
    fc
      .uniqueArray(fc.tuple(text, tie('meant')), { selector: ([name]) => name, maxLength: 3 })
      .map((entries) => ({
        argument: Object.fromEntries(entries.map(([name, item]) => [name, item.argument])),
        meaning: `{${entries
          .map(([name, item]) => `${JSON.stringify(name)}:${item.meaning}`)
          .sort()
          .join()}}`,
      })),
  ),
})).meant;
