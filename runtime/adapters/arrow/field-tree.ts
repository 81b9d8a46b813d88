// Arrow's fields and types ↔ plain lists. A type is stored as the name of its class and its constructor arguments, so
// that the same class comes back: a table read from a file has `Int` where one made from arrays has `Int32`.
import type * as arrow from 'apache-arrow';
import type { Wire } from '../../contract/wire.ts';
import type { ArrowBuild } from './arrow-build.ts';
import { refuseTable } from './malformed-table.ts';
import { asCount, asFlag, asList, asText } from './tree.ts';

type AnyType = arrow.DataType;
type TypeClass = new (...args: never[]) => AnyType;

/** How one class of type is stored. */
interface TypeForm {
  readonly type: TypeClass;
  write(type: never): readonly Wire[];
  /** @throws MalformedTableError for anything that `write` cannot have written. */
  read(parts: readonly Wire[], context: FieldContext): AnyType;
}

const MAX_WIDTH = 2 ** 31 - 1;
const MAX_DEPTH = 64;
const WIDTHS = [8, 16, 32, 64];

/** A type without arguments. */
const bare = (type: TypeClass & (new () => AnyType)): TypeForm => ({
  type,
  write: () => [],
  read: (parts) => (asList(parts, 0), new type()),
});
/** A type with a unit, or a precision, from 0 to `max`. */
const unit = (type: new (unit: number) => AnyType, name: 'unit' | 'precision', max: number): TypeForm => ({
  type,
  write: (value: { unit: number; precision: number }) => [value[name]],
  read: (parts) => new type(asCount(asList(parts, 1)[0], max)),
});
/** A type with an optional time zone. */
const zoned = (type: new (timezone: string | null) => AnyType): TypeForm => ({
  type,
  write: (value: { timezone?: string | null }) => [value.timezone ?? null],
  read: (parts) => new type(asZone(asList(parts, 1)[0])),
});

const asZone = (part: Wire | undefined): string | null => (part === null ? null : asText(part));
const asWidth = (part: Wire | undefined): never => {
  const width = asCount(part, 64);
  return (WIDTHS.includes(width) ? width : refuseTable()) as never; // a width that the class accepts
};

/** State while the fields of one table are read. */
export interface FieldContext {
  readonly depth: number;
  /** Word types by dictionary id: Arrow wants the same type object wherever a dictionary is used. */
  readonly dictionaries: Map<number, { readonly text: string; readonly type: AnyType }>;
}

/** The context in which the first field of a table is read. */
export const newFieldContext = (): FieldContext => ({ depth: 0, dictionaries: new Map() });

/** Writes and reads one field, with its type. */
export interface FieldTree {
  /** @throws MalformedTableError for a type that is not in the list, or a subclass. */
  readonly writeField: (field: arrow.Field) => Wire;
  /** @throws MalformedTableError */
  readonly readField: (part: Wire | undefined, context: FieldContext) => arrow.Field;
}

/** Field storage for the classes of one build of apache-arrow. */
export function createFieldTree(build: ArrowBuild): FieldTree {
  const FORMS: Readonly<Record<string, TypeForm>> = {
    Null: bare(build.Null),
    Bool: bare(build.Bool),
    Int8: bare(build.Int8),
    Int16: bare(build.Int16),
    Int32: bare(build.Int32),
    Int64: bare(build.Int64),
    Uint8: bare(build.Uint8),
    Uint16: bare(build.Uint16),
    Uint32: bare(build.Uint32),
    Uint64: bare(build.Uint64),
    Float16: bare(build.Float16),
    Float32: bare(build.Float32),
    Float64: bare(build.Float64),
    Utf8: bare(build.Utf8),
    LargeUtf8: bare(build.LargeUtf8),
    Binary: bare(build.Binary),
    LargeBinary: bare(build.LargeBinary),
    DateDay: bare(build.DateDay),
    DateMillisecond: bare(build.DateMillisecond),
    TimeSecond: bare(build.TimeSecond),
    TimeMillisecond: bare(build.TimeMillisecond),
    TimeMicrosecond: bare(build.TimeMicrosecond),
    TimeNanosecond: bare(build.TimeNanosecond),
    IntervalDayTime: bare(build.IntervalDayTime),
    IntervalYearMonth: bare(build.IntervalYearMonth),
    DurationSecond: bare(build.DurationSecond),
    DurationMillisecond: bare(build.DurationMillisecond),
    DurationMicrosecond: bare(build.DurationMicrosecond),
    DurationNanosecond: bare(build.DurationNanosecond),
    TimestampSecond: zoned(build.TimestampSecond),
    TimestampMillisecond: zoned(build.TimestampMillisecond),
    TimestampMicrosecond: zoned(build.TimestampMicrosecond),
    TimestampNanosecond: zoned(build.TimestampNanosecond),
    Int: {
      type: build.Int,
      write: ({ isSigned, bitWidth }: arrow.Int) => [isSigned, bitWidth],
      read: (parts) => new build.Int(asFlag(asList(parts, 2)[0]) as never, asWidth(parts[1])), // any of the four widths
    },
    Float: unit(build.Float, 'precision', 2),
    Date_: unit(build.Date_ as never, 'unit', 1),
    Interval: unit(build.Interval as never, 'unit', 1),
    Duration: unit(build.Duration as never, 'unit', 3),
    Time: {
      type: build.Time,
      write: ({ unit: of, bitWidth }: arrow.Time) => [of, bitWidth],
      read: (parts) => new build.Time(asCount(asList(parts, 2)[0], 3) as never, asWidth(parts[1])), // 0 to 3: a unit
    },
    Timestamp: {
      type: build.Timestamp,
      write: ({ unit: of, timezone }: arrow.Timestamp) => [of, timezone ?? null],
      read: (parts) => new build.Timestamp(asCount(asList(parts, 2)[0], 3), asZone(parts[1])),
    },
    Decimal: {
      type: build.Decimal,
      write: ({ scale, precision, bitWidth }: arrow.Decimal) => [scale, precision, bitWidth],
      read: (parts) => {
        const [scale, precision, bitWidth] = asList(parts, 3);
        const width = asCount(bitWidth, 256);
        if (width !== 128 && width !== 256) return refuseTable();
        return new build.Decimal(asCount(scale, 1000), asCount(precision, 1000), width);
      },
    },
    FixedSizeBinary: {
      type: build.FixedSizeBinary,
      write: ({ byteWidth }: arrow.FixedSizeBinary) => [byteWidth],
      read: (parts) => new build.FixedSizeBinary(asCount(asList(parts, 1)[0], MAX_WIDTH)),
    },
    List: {
      type: build.List,
      write: (type: arrow.List) => type.children.map(writeField),
      read: (parts, context) => new build.List(readField(asList(parts, 1)[0], context)),
    },
    Struct: {
      type: build.Struct,
      write: (type: arrow.Struct) => type.children.map(writeField),
      read: (parts, context) => new build.Struct(parts.map((part) => readField(part, context))),
    },
    FixedSizeList: {
      type: build.FixedSizeList,
      write: (type: arrow.FixedSizeList) => [type.listSize, ...type.children.map(writeField)],
      read: (parts, context) =>
        new build.FixedSizeList(asCount(asList(parts, 2)[0], MAX_WIDTH), readField(parts[1], context)),
    },
    Map_: {
      type: build.Map_,
      write: (type: arrow.Map_) => [type.keysSorted, ...type.children.map(writeField)],
      read: (parts, context) => {
        const entries = readField(asList(parts, 2)[1], context);
        const isPair = entries.type instanceof build.Struct && entries.type.children.length === 2;
        return isPair ? new build.Map_(entries as never, asFlag(parts[0])) : refuseTable(); // isPair: key and value
      },
    },
    Dictionary: {
      type: build.Dictionary,
      write: ({ id, isOrdered, dictionary, indices }: arrow.Dictionary) => [
        id,
        isOrdered,
        writeType(dictionary),
        writeType(indices),
      ],
      read: (parts, context) => {
        const [id, isOrdered, dictionary, indices] = asList(parts, 4);
        const keys = readType(indices, context);
        if (!(keys instanceof build.Int)) return refuseTable();
        const number = asCount(id, MAX_WIDTH);
        const values = sharedType(number, dictionary, context);
        return new build.Dictionary(values, keys as never, number, asFlag(isOrdered)); // any integer type will do
      },
    },
  };

  /** Type of the words of dictionary `id`: the same object every time. Refuses a second, different type for one id. */
  function sharedType(id: number, part: Wire | undefined, context: FieldContext): AnyType {
    const text = JSON.stringify(part);
    const known = context.dictionaries.get(id);
    if (known !== undefined) return known.text === text ? known.type : refuseTable();
    const type = readType(part, context);
    context.dictionaries.set(id, { text, type });
    return type;
  }

  /** Form names by prototype, so that a subclass finds none. */
  const NAMES = new Map<object, string>(
    Object.entries(FORMS).map(([name, { type }]) => [type.prototype as object, name]),
  );

  function writeField({ name, nullable, metadata, type }: arrow.Field): Wire {
    return [name, nullable, writeMetadata(metadata), writeType(type)];
  }

  function readField(part: Wire | undefined, context: FieldContext): arrow.Field {
    const [name, nullable, metadata, type] = asList(part, 4);
    return new build.Field(
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

  return { writeField, readField };
}

/** Keys and values in turn. */
export function writeMetadata(metadata: ReadonlyMap<string, string>): Wire {
  return [...metadata].flat();
}

/** Inverse of `writeMetadata`. @throws MalformedTableError also for a key that comes twice */
export function readMetadata(part: Wire | undefined): Map<string, string> {
  const texts = asList(part).map(asText);
  const map = new Map<string, string>();
  for (let i = 0; i < texts.length; i += 2) map.set(asText(texts[i]), asText(texts[i + 1]));
  return map.size === texts.length / 2 ? map : refuseTable();
}
