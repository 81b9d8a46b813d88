// Random shapes, and random values of a shape: what the generated functions are tested with.
import fc from 'fast-check';
import type {
  BytesType,
  PropertyShape,
  TextType,
  TypeShape,
} from '../../../transformer/2-shape/type-shape.ts';
import { Basket, basketShape, ensureTemporal, Money, moneyShape } from './classes.ts';

ensureTemporal();

type Kind<K extends TypeShape['kind']> = Extract<TypeShape, { kind: K }>;

const primitive = (name: Kind<'primitive'>['name']): TypeShape => ({ kind: 'primitive', name });
const NULL = primitive('null');

/** Names that are inherited, not identifiers, numeric, or used by the generated text itself. */
const NAMES = [
  'a',
  'b',
  'kind',
  'toString',
  'constructor',
  'a-b',
  '1',
  'ü\u2028',
  'k',
  'v',
  'r',
  'p0',
  'p',
  'E',
  'x"\\',
];
const BYTES: readonly BytesType[] = [
  'Uint8Array',
  'Uint8ClampedArray',
  'Int8Array',
  'Uint16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'Buffer',
  'ArrayBuffer',
];

const TEXTS: readonly TextType[] = [
  'URL',
  'RegExp',
  'Temporal.Instant',
  'Temporal.ZonedDateTime',
  'Temporal.PlainDate',
  'Temporal.PlainTime',
  'Temporal.PlainDateTime',
  'Temporal.PlainYearMonth',
  'Temporal.PlainMonthDay',
  'Temporal.Duration',
];

/**
 * ref 0: a tree; ref 1: JSON; ref 2: a list of pairs that goes through a map and a tuple; ref 3: JSON as Prisma and
 * Supabase declare it, whose properties may be undefined.
 */
export const REFS: readonly TypeShape[] = [
  object([
    field('value', primitive('number')),
    field('next', { kind: 'union', arms: [NULL, { kind: 'ref', id: 0 }] }),
    { ...field('kids', { kind: 'array', element: { kind: 'ref', id: 0 }, readonly: false }), optional: true },
  ]),
  {
    kind: 'union',
    arms: [
      NULL,
      primitive('boolean'),
      primitive('number'),
      primitive('string'),
      { kind: 'array', element: { kind: 'ref', id: 1 }, readonly: false },
      { kind: 'record', value: { kind: 'ref', id: 1 }, properties: [], readonly: false },
    ],
  },
  {
    kind: 'map',
    key: primitive('string'),
    value: {
      kind: 'tuple',
      elements: [{ shape: { kind: 'ref', id: 2 }, optional: true, rest: false }],
      readonly: false,
    },
    readonly: false,
  },
  {
    kind: 'union',
    arms: [
      NULL,
      primitive('string'),
      { kind: 'array', element: { kind: 'ref', id: 3 }, readonly: false },
      {
        kind: 'record',
        value: { kind: 'union', arms: [{ kind: 'ref', id: 3 }, primitive('undefined')] },
        properties: [],
        readonly: false,
      },
    ],
  },
];

export function field(name: string, shape: TypeShape): PropertyShape {
  return { name, shape, optional: false, readonly: false };
}

export function object(properties: readonly PropertyShape[]): TypeShape {
  return { kind: 'object', properties };
}

/** Three records of nearly one type inside each other: their functions are made by one. */
export function alike(shape: TypeShape): TypeShape {
  const wrap = (inner: TypeShape): TypeShape =>
    object([
      field('t1', shape),
      field('of', { kind: 'union', arms: [inner, primitive('undefined')] }),
      field('d2(f)', { kind: 'array', element: inner, readonly: false }),
    ]);
  return wrap(wrap(wrap(object([field('t1', shape)]))));
}

const leafShape: fc.Arbitrary<TypeShape> = fc.oneof(
  fc.constantFrom('string', 'number', 'bigint', 'boolean', 'null', 'undefined').map(
    (name): TypeShape => primitive(name as Kind<'primitive'>['name']), // constantFrom widens
  ),
  fc
    .constantFrom<Kind<'literal'>['value']>(
      'x',
      'y',
      '',
      '\ud800',
      0,
      1,
      -1,
      1.5,
      true,
      false,
      { bigint: '12' },
      { bigint: '-1' },
    )
    .map((value): TypeShape => ({ kind: 'literal', value })),
);

const plainKinds: fc.Arbitrary<TypeShape> = fc.oneof(
  { weight: 6, arbitrary: leafShape },
  { weight: 1, arbitrary: fc.constant<TypeShape>({ kind: 'date' }) },
  { weight: 1, arbitrary: fc.constantFrom(...BYTES).map((type): TypeShape => ({ kind: 'bytes', type })) },
  { weight: 1, arbitrary: fc.constantFrom(...TEXTS).map((type): TypeShape => ({ kind: 'text', type })) },
  { weight: 1, arbitrary: fc.constantFrom(moneyShape, basketShape) },
  { weight: 1, arbitrary: fc.constant<TypeShape>({ kind: 'any' }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 3).map((id): TypeShape => ({ kind: 'ref', id })) },
);

export const shapeArb: fc.Arbitrary<TypeShape> = fc.letrec<{ shape: TypeShape; field: PropertyShape }>(
  (tie) => {
    const inner = tie('shape');
    const fields = fc.uniqueArray(tie('field'), { maxLength: 5, selector: (f) => f.name });
    return {
      field: fc.record({
        name: fc.constantFrom(...NAMES),
        shape: inner,
        optional: fc.boolean(),
        readonly: fc.boolean(),
      }),
      shape: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        { weight: 3, arbitrary: plainKinds },
        { weight: 4, arbitrary: fields.map(object) },
        {
          weight: 2,
          arbitrary: inner.map((element): TypeShape => ({ kind: 'array', element, readonly: false })),
        },
        {
          weight: 2,
          arbitrary: fc
            .record({
              lead: fc.array(inner, { maxLength: 3 }),
              optional: fc.array(inner, { maxLength: 2 }),
              rest: fc.option(inner, { nil: undefined }),
              trail: fc.array(inner, { maxLength: 2 }),
            })
            .map(({ lead, optional, rest, trail }): TypeShape => {
              const element = (shape: TypeShape, isOptional: boolean, isRest = false) => ({
                shape,
                optional: isOptional,
                rest: isRest,
              });
              const end =
                rest === undefined || trail.length === 0 ? optional.map((s) => element(s, true)) : [];
              return {
                kind: 'tuple',
                elements: [
                  ...lead.map((s) => element(s, false)),
                  ...end,
                  ...(rest === undefined ? [] : [element(rest, false, true)]),
                  ...(rest === undefined || end.length > 0 ? [] : trail.map((s) => element(s, false))),
                ],
                readonly: false,
              };
            }),
        },
        {
          weight: 1,
          arbitrary: fc
            .record({ value: inner, properties: fields })
            .map((parts): TypeShape => ({ kind: 'record', ...parts, readonly: false })),
        },
        {
          weight: 1,
          arbitrary: fc
            .tuple(inner, inner)
            .map(([key, value]): TypeShape => ({ kind: 'map', key, value, readonly: false })),
        },
        {
          weight: 1,
          arbitrary: inner.map((element): TypeShape => ({ kind: 'set', element, readonly: false })),
        },
        {
          weight: 4,
          arbitrary: fc
            .uniqueArray(
              inner.filter((arm) => arm.kind !== 'union'),
              { minLength: 2, maxLength: 4, selector: (s) => JSON.stringify(s) },
            )
            .map(withoutHidden)
            .map((arms): TypeShape => ({ kind: 'union', arms })),
        },
      ),
    };
  },
).shape;

/** Beside `any` nothing says that a class or a RegExp may come: it is `any` then, which holds neither. */
function withoutHidden(arms: readonly TypeShape[]): readonly TypeShape[] {
  if (!arms.some((arm) => arm.kind === 'any')) return arms;
  return arms.filter((arm) => !/"kind":"class"|"RegExp"/.test(JSON.stringify(arm)));
}

const anyString = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('\ud800', '\udfff\ud800', '1', 's1:x', 'u', '', '\u2028'),
);
const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(-0, 0, NaN, Infinity, -Infinity, 2 ** 53, 2 ** 32),
);
const anyDate = fc.oneof(fc.date({ noInvalidDate: false }), fc.constant(new Date(NaN)));
const anyBigint = fc.oneof(fc.bigInt(), fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), fc.constant(0n));

const anyTime = fc.integer({ min: -8e15, max: 8e15 });
const patternArb = fc.constantFrom('a', '/', '\n', '(?<x>a|b)*', '[/]', '\ud800', '', '\\u{61}');

/** Built-ins that a text says, each made anew. */
export function textArb(type: TextType): fc.Arbitrary<object> {
  const temporal = Reflect.get(globalThis, 'Temporal') as Record<string, TemporalType>; // see classes.ts
  const instant = (ms: number): Instant => temporal['Instant']!.fromEpochMilliseconds(ms); // its own names
  const parts: Record<string, (ms: number) => object> = {
    'Temporal.Instant': (ms) => instant(ms).add({ nanoseconds: Math.abs(ms) % 1000 }),
    'Temporal.ZonedDateTime': (ms) =>
      instant(ms).toZonedDateTimeISO(ms % 2 === 0 ? 'Africa/Monrovia' : '+05:30'),
    'Temporal.PlainDate': (ms) =>
      plain(instant(ms))
        .toPlainDate()
        .withCalendar(ms % 2 ? 'iso8601' : 'hebrew'),
    'Temporal.PlainTime': (ms) => plain(instant(ms)).toPlainTime(),
    'Temporal.PlainDateTime': (ms) => plain(instant(ms)),
    'Temporal.PlainYearMonth': (ms) => plain(instant(ms)).toPlainDate().toPlainYearMonth(),
    'Temporal.PlainMonthDay': (ms) => plain(instant(ms)).toPlainDate().toPlainMonthDay(),
    'Temporal.Duration': (ms) => temporal['Duration']!.from({ milliseconds: ms, days: Math.sign(ms) * 3 }),
  };
  const make = parts[type];
  if (make !== undefined) return anyTime.map(make);
  return type === 'URL'
    ? fc.webUrl({ withQueryParameters: true, withFragments: true }).map((href) => new URL(href))
    : fc
        .tuple(patternArb, fc.subarray(['d', 'g', 'i', 'm', 's', 'u', 'y']))
        .map(([source, flags]) => new RegExp(source, flags.join('')));
}

interface Instant {
  add(duration: object): object;
  toZonedDateTimeISO(zone: string): { toPlainDateTime(): PlainDateTime };
}

interface PlainDateTime {
  toPlainDate(): {
    withCalendar(name: string): object;
    toPlainYearMonth(): object;
    toPlainMonthDay(): object;
  };
  toPlainTime(): object;
}

interface TemporalType {
  fromEpochMilliseconds(ms: number): Instant;
  from(fields: object): object;
}

const plain = (instant: Instant): PlainDateTime => instant.toZonedDateTimeISO('UTC').toPlainDateTime();

/** Everything that can be stored. */
export const storableArb: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, undefined, true, false),
    anyString,
    anyNumber,
    anyBigint,
    anyDate,
    fc.uint8Array({ maxLength: 4 }),
    textArb('URL'),
    textArb('Temporal.Duration'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      anyString.filter((name) => name !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: false },
    ),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).value;

/** Values exactly of the shape. */
export function valueArb(
  shape: TypeShape,
  refs: readonly TypeShape[] = REFS,
  fuel = 6,
): fc.Arbitrary<unknown> {
  const of = (inner: TypeShape): fc.Arbitrary<unknown> => valueArb(inner, refs, fuel - 1);
  const maxLength = 3;
  // The smallest value, made without asking for inner ones: recursive shapes have no end.
  if (fuel <= 0) {
    if (shape.kind === 'array') return fc.constant(0).map(() => []);
    if (shape.kind === 'set') return fc.constant(0).map(() => new Set());
    if (shape.kind === 'map') return fc.constant(0).map(() => new Map());
    if (shape.kind === 'record') return fieldsArb(shape.properties, of, fuel);
  }
  switch (shape.kind) {
    case 'primitive':
      return primitiveArb(shape.name);
    case 'literal':
      return fc.constant(typeof shape.value === 'object' ? BigInt(shape.value.bigint) : shape.value);
    case 'date':
      // Made anew: a shared constant would hide a missing copy.
      return anyDate.map((date) => new Date(date.getTime()));
    case 'bytes':
      return bytesArb(shape.type);
    case 'text':
      return textArb(shape.type);
    case 'class':
      return shape.name === 'Money'
        ? fc.tuple(anyBigint, anyString).map(([cents, currency]) => new Money(cents, currency))
        : fc.array(anyString, { maxLength: 3 }).map((items) => new Basket(items));
    case 'any':
      return fuel <= 0 ? anyString : storableArb;
    case 'object':
      return fieldsArb(shape.properties, of, fuel);
    case 'array':
      return fc.array(of(shape.element), { maxLength });
    case 'set':
      return fc.array(of(shape.element), { maxLength }).map((items) => new Set(items));
    case 'map':
      return fc
        .array(fc.tuple(of(shape.key), of(shape.value)), { maxLength })
        .map((entries) => new Map(entries));
    case 'record': {
      const declared = new Set([...shape.properties.map((property) => property.name), '__proto__']);
      const more = fc.dictionary(
        anyString.filter((name) => !declared.has(name)),
        of(shape.value),
        { maxKeys: maxLength, noNullPrototype: true },
      );
      return fc
        .tuple(more, fieldsArb(shape.properties, of, fuel))
        .map(([rest, own]) => ({ ...rest, ...(own as object) }));
    }
    case 'tuple':
      return tupleArb(shape, of, maxLength, fuel);
    case 'union': {
      const arms =
        fuel <= 0 ? [shape.arms.find((arm) => arm.kind === 'primitive') ?? shape.arms[0]] : shape.arms;
      return fc.oneof(...arms.map((arm) => of(arm as TypeShape))); // a union has arms
    }
    case 'ref':
      return of(refs[shape.id] as TypeShape); // the refs of this file
    case 'unsupported':
      throw new Error('no value');
  }
}

function primitiveArb(name: Kind<'primitive'>['name']): fc.Arbitrary<unknown> {
  switch (name) {
    case 'string':
      return anyString;
    case 'number':
      return anyNumber;
    case 'bigint':
      return anyBigint;
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'undefined':
      return fc.constant(undefined);
  }
}

function bytesArb(type: BytesType): fc.Arbitrary<unknown> {
  return fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => {
    if (type === 'Buffer') return Buffer.from(bytes);
    const { buffer } = Uint8Array.from(bytes);
    return type === 'ArrayBuffer' ? buffer : new globalThis[type](buffer);
  });
}

function fieldsArb(
  properties: readonly PropertyShape[],
  of: (shape: TypeShape) => fc.Arbitrary<unknown>,
  fuel: number,
): fc.Arbitrary<unknown> {
  const entries = properties.map(({ name, optional, shape }) => {
    const missing = fc.constant<[string, unknown][]>([]);
    if (optional && fuel <= 0) return missing;
    const present = of(shape).map((value): [string, unknown][] => [[name, value]]);
    return !optional
      ? present
      : fc.oneof(missing, fc.constant<[string, unknown][]>([[name, undefined]]), present);
  });
  return fc.tuple(...entries).map((parts) => Object.fromEntries(parts.flat()));
}

function tupleArb(
  shape: Kind<'tuple'>,
  of: (shape: TypeShape) => fc.Arbitrary<unknown>,
  maxLength: number,
  fuel: number,
): fc.Arbitrary<unknown> {
  const at = shape.elements.findIndex((element) => element.rest);
  const lead = at === -1 ? shape.elements : shape.elements.slice(0, at);
  const rest = shape.elements[at];
  const trail = at === -1 ? [] : shape.elements.slice(at + 1);
  const required = lead.filter((element) => !element.optional).length;
  return fc.integer({ min: required, max: fuel <= 0 ? required : lead.length }).chain((count) => {
    const withRest =
      rest === undefined || fuel <= 0 || count < lead.length
        ? fc.constant([])
        : fc.array(of(rest.shape), { maxLength });
    const first = fc.tuple(
      ...lead
        .slice(0, count)
        .map((e) => (e.optional ? fc.oneof(of(e.shape), fc.constant(undefined)) : of(e.shape))),
    );
    const last = fc.tuple(...trail.map((e) => of(e.shape)));
    return fc.tuple(first, withRest, last).map((parts) => parts.flat(1));
  });
}

/** Anything at all, also what can be neither stored nor keyed. */
export const strangeArb: fc.Arbitrary<unknown> = fc.oneof(
  storableArb,
  fc.constant(Symbol('s')),
  fc.constant(() => 1),
  fc.constant(Object.assign([1, 2], { extra: 1 })),
  fc.constant(Object.assign(Array(3), { 0: 1, 2: 2 })),
  fc.constant(Object.assign(new Date(0), { extra: 1 })),
  fc.constant({
    get a() {
      return 1;
    },
  }),
  fc.constant(Object.defineProperty({}, 'a', { value: 'x', enumerable: false })),
  fc.constant({ [Symbol('s')]: 1 }),
  fc.constant(
    new (class Point {
      a = 1;
    })(),
  ),
  fc.constant(/x/g),
  fc.constant(/(?<a>x)/.exec('x')),
  fc.constant(new URL('http://a/b')),
  fc.constant(JSON.parse('{"__proto__": 1}')),
  fc.constant(
    new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('trap');
        },
        get() {
          throw new Error('trap');
        },
      },
    ),
  ),
  fc.constant(new DataView(new ArrayBuffer(2))),
);

/** A value of the shape in which one place, anywhere, holds something else. */
export function damagedArb(shape: TypeShape): fc.Arbitrary<unknown> {
  return fc
    .tuple(valueArb(shape), fc.nat(), strangeArb)
    .map(([value, at, strange]) => replaceNth(value, at, strange));
}

function replaceNth(root: unknown, at: number, strange: unknown): unknown {
  const places: ((value: unknown) => void)[] = [];
  const box = { root };
  places.push((value) => (box.root = value));
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || places.length > 500) return;
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return;
    const parent = value as Record<string, unknown>; // by its own names
    places.push((extra) => Object.assign(parent, { undeclared: extra }));
    for (const name of Object.keys(parent)) {
      places.push((replaced) => Object.assign(parent, { [name]: replaced }));
      walk(parent[name]);
    }
  };
  walk(root);
  places[at % places.length]?.(strange);
  return box.root;
}
