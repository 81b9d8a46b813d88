// Arrow's fields and types ↔ plain lists. A type is its class by name and what its constructor takes: a table that was read
// from a file has `Int`, one made from arrays `Int32`, and each comes back as what it was.
import * as arrow from 'apache-arrow';
import type { Wire } from '../../contract/wire.ts';
import { refuseTable } from './malformed-table.ts';
import { asCount, asFlag, asList, asText } from './tree.ts';

type AnyType = arrow.DataType;
type TypeClass = new (...args: never[]) => AnyType;

interface TypeForm {
  readonly type: TypeClass;
  write(type: never): readonly Wire[];
  /** @throws MalformedTableError for anything else than `write` gives. */
  read(parts: readonly Wire[], context: FieldContext): AnyType;
}

const MAX_WIDTH = 2 ** 31 - 1;
const MAX_DEPTH = 64;
const WIDTHS = [8, 16, 32, 64];

const bare = (type: TypeClass & (new () => AnyType)): TypeForm => ({
  type,
  write: () => [],
  read: (parts) => (asList(parts, 0), new type()),
});
const unit = (type: new (unit: number) => AnyType, name: 'unit' | 'precision', max: number): TypeForm => ({
  type,
  write: (value: { unit: number; precision: number }) => [value[name]],
  read: (parts) => new type(asCount(asList(parts, 1)[0], max)),
});
const zoned = (type: new (timezone: string | null) => AnyType): TypeForm => ({
  type,
  write: (value: { timezone?: string | null }) => [value.timezone ?? null],
  read: (parts) => new type(asZone(asList(parts, 1)[0])),
});

const asZone = (part: Wire | undefined): string | null => (part === null ? null : asText(part));
const asWidth = (part: Wire | undefined): never => {
  const width = asCount(part, 64);
  return (WIDTHS.includes(width) ? width : refuseTable()) as never; // one of those the class takes
};

const FORMS: Readonly<Record<string, TypeForm>> = {
  Null: bare(arrow.Null),
  Bool: bare(arrow.Bool),
  Int8: bare(arrow.Int8),
  Int16: bare(arrow.Int16),
  Int32: bare(arrow.Int32),
  Int64: bare(arrow.Int64),
  Uint8: bare(arrow.Uint8),
  Uint16: bare(arrow.Uint16),
  Uint32: bare(arrow.Uint32),
  Uint64: bare(arrow.Uint64),
  Float16: bare(arrow.Float16),
  Float32: bare(arrow.Float32),
  Float64: bare(arrow.Float64),
  Utf8: bare(arrow.Utf8),
  LargeUtf8: bare(arrow.LargeUtf8),
  Binary: bare(arrow.Binary),
  LargeBinary: bare(arrow.LargeBinary),
  DateDay: bare(arrow.DateDay),
  DateMillisecond: bare(arrow.DateMillisecond),
  TimeSecond: bare(arrow.TimeSecond),
  TimeMillisecond: bare(arrow.TimeMillisecond),
  TimeMicrosecond: bare(arrow.TimeMicrosecond),
  TimeNanosecond: bare(arrow.TimeNanosecond),
  IntervalDayTime: bare(arrow.IntervalDayTime),
  IntervalYearMonth: bare(arrow.IntervalYearMonth),
  DurationSecond: bare(arrow.DurationSecond),
  DurationMillisecond: bare(arrow.DurationMillisecond),
  DurationMicrosecond: bare(arrow.DurationMicrosecond),
  DurationNanosecond: bare(arrow.DurationNanosecond),
  TimestampSecond: zoned(arrow.TimestampSecond),
  TimestampMillisecond: zoned(arrow.TimestampMillisecond),
  TimestampMicrosecond: zoned(arrow.TimestampMicrosecond),
  TimestampNanosecond: zoned(arrow.TimestampNanosecond),
  Int: {
    type: arrow.Int,
    write: ({ isSigned, bitWidth }: arrow.Int) => [isSigned, bitWidth],
    read: (parts) => new arrow.Int(asFlag(asList(parts, 2)[0]) as never, asWidth(parts[1])), // any of the four widths
  },
  Float: unit(arrow.Float, 'precision', 2),
  Date_: unit(arrow.Date_ as never, 'unit', 1),
  Interval: unit(arrow.Interval as never, 'unit', 1),
  Duration: unit(arrow.Duration as never, 'unit', 3),
  Time: {
    type: arrow.Time,
    write: ({ unit: of, bitWidth }: arrow.Time) => [of, bitWidth],
    read: (parts) => new arrow.Time(asCount(asList(parts, 2)[0], 3) as never, asWidth(parts[1])), // a unit
  },
  Timestamp: {
    type: arrow.Timestamp,
    write: ({ unit: of, timezone }: arrow.Timestamp) => [of, timezone ?? null],
    read: (parts) => new arrow.Timestamp(asCount(asList(parts, 2)[0], 3), asZone(parts[1])),
  },
  Decimal: {
    type: arrow.Decimal,
    write: ({ scale, precision, bitWidth }: arrow.Decimal) => [scale, precision, bitWidth],
    read: (parts) => {
      const [scale, precision, bitWidth] = asList(parts, 3);
      const width = asCount(bitWidth, 256);
      if (width !== 128 && width !== 256) return refuseTable();
      return new arrow.Decimal(asCount(scale, 1000), asCount(precision, 1000), width);
    },
  },
  FixedSizeBinary: {
    type: arrow.FixedSizeBinary,
    write: ({ byteWidth }: arrow.FixedSizeBinary) => [byteWidth],
    read: (parts) => new arrow.FixedSizeBinary(asCount(asList(parts, 1)[0], MAX_WIDTH)),
  },
  List: {
    type: arrow.List,
    write: (type: arrow.List) => type.children.map(writeField),
    read: (parts, context) => new arrow.List(readField(asList(parts, 1)[0], context)),
  },
  Struct: {
    type: arrow.Struct,
    write: (type: arrow.Struct) => type.children.map(writeField),
    read: (parts, context) => new arrow.Struct(parts.map((part) => readField(part, context))),
  },
  FixedSizeList: {
    type: arrow.FixedSizeList,
    write: (type: arrow.FixedSizeList) => [type.listSize, ...type.children.map(writeField)],
    read: (parts, context) =>
      new arrow.FixedSizeList(asCount(asList(parts, 2)[0], MAX_WIDTH), readField(parts[1], context)),
  },
  Map_: {
    type: arrow.Map_,
    write: (type: arrow.Map_) => [type.keysSorted, ...type.children.map(writeField)],
    read: (parts, context) => {
      const entries = readField(asList(parts, 2)[1], context);
      const isPair = entries.type instanceof arrow.Struct && entries.type.children.length === 2;
      return isPair ? new arrow.Map_(entries as never, asFlag(parts[0])) : refuseTable(); // a struct of two
    },
  },
  Dictionary: {
    type: arrow.Dictionary,
    write: ({ id, isOrdered, dictionary, indices }: arrow.Dictionary) => [
      id,
      isOrdered,
      writeType(dictionary),
      writeType(indices),
    ],
    read: (parts, context) => {
      const [id, isOrdered, dictionary, indices] = asList(parts, 4);
      const keys = readType(indices, context);
      if (!(keys instanceof arrow.Int)) return refuseTable();
      const number = asCount(id, MAX_WIDTH);
      const values = sharedType(number, dictionary, context);
      return new arrow.Dictionary(values, keys as never, number, asFlag(isOrdered)); // any integer
    },
  },
};

/** What fields of one table share: Arrow wants one type object for each dictionary. */
export interface FieldContext {
  readonly depth: number;
  readonly dictionaries: Map<number, { readonly text: string; readonly type: AnyType }>;
}

export const newFieldContext = (): FieldContext => ({ depth: 0, dictionaries: new Map() });

/** The type of the words of dictionary `id`; the same object each time. */
function sharedType(id: number, part: Wire | undefined, context: FieldContext): AnyType {
  const text = JSON.stringify(part);
  const known = context.dictionaries.get(id);
  if (known !== undefined) return known.text === text ? known.type : refuseTable();
  const type = readType(part, context);
  context.dictionaries.set(id, { text, type });
  return type;
}

/** By the class that a type is exactly. */
const NAMES = new Map<object, string>(
  Object.entries(FORMS).map(([name, { type }]) => [type.prototype as object, name]),
);

export function writeField({ name, nullable, metadata, type }: arrow.Field): Wire {
  return [name, nullable, writeMetadata(metadata), writeType(type)];
}

export function readField(part: Wire | undefined, context: FieldContext): arrow.Field {
  const [name, nullable, metadata, type] = asList(part, 4);
  return new arrow.Field(
    asText(name),
    readType(type, { ...context, depth: context.depth + 1 }),
    asFlag(nullable),
    readMetadata(metadata),
  );
}

function writeType(type: AnyType): Wire {
  const name = NAMES.get(Object.getPrototypeOf(type) as object) ?? refuseTable();
  const form = FORMS[name] ?? refuseTable();
  return [name, ...form.write(type as never)];
}

function readType(part: Wire | undefined, context: FieldContext): AnyType {
  const [name, ...parts] = asList(part);
  const form = typeof name === 'string' && Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  return form === undefined || context.depth > MAX_DEPTH ? refuseTable() : form.read(parts, context);
}

export function writeMetadata(metadata: ReadonlyMap<string, string>): Wire {
  return [...metadata].flat();
}

export function readMetadata(part: Wire | undefined): Map<string, string> {
  const texts = asList(part).map(asText);
  const map = new Map<string, string>();
  for (let i = 0; i < texts.length; i += 2) map.set(asText(texts[i]), asText(texts[i + 1]));
  return map.size === texts.length / 2 ? map : refuseTable();
}
