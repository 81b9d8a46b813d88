// Tables of every kind of column, and what can be seen of a table.
import * as arrow from 'apache-arrow';

const words = (type: arrow.DataType, values: readonly unknown[]): arrow.Vector =>
  arrow.vectorFromArray(values as never[], type); // values of that type

const field = (name: string, type: arrow.DataType, nullable = true): arrow.Field =>
  new arrow.Field(name, type, nullable);

const COLUMNS: Readonly<Record<string, () => arrow.Vector>> = {
  nothing: () => words(new arrow.Null(), [null, null, null]),
  flags: () => words(new arrow.Bool(), [true, null, false]),
  tiny: () => words(new arrow.Int8(), [-128, 0, 127]),
  large: () => words(new arrow.Int64(), [-(2n ** 63n), null, 2n ** 63n - 1n]),
  unsigned: () => words(new arrow.Uint32(), [0, 1, 2 ** 32 - 1]),
  halves: () => words(new arrow.Float16(), [0.5, -0.5, null]),
  floats: () => arrow.makeVector(Float64Array.of(NaN, -0, Infinity)),
  texts: () => words(new arrow.Utf8(), ['', 'ä€😀', null]),
  longTexts: () => words(new arrow.LargeUtf8(), ['a', null, 'b']),
  blobs: () => words(new arrow.Binary(), [Uint8Array.of(1, 2), null, new Uint8Array(0)]),
  fixed: () => words(new arrow.FixedSizeBinary(2), [Uint8Array.of(1, 2), Uint8Array.of(3, 4), null]),
  days: () => words(new arrow.DateDay(), [new Date(0), null, new Date(864e5)]),
  instants: () => words(new arrow.TimestampMillisecond('Europe/Berlin'), [0, null, 1e12]),
  times: () => words(new arrow.TimeMicrosecond(), [0n, null, 5n]),
  spans: () => words(new arrow.DurationSecond(), [0n, null, 5n]),
  amounts: () =>
    words(new arrow.Decimal(2, 10, 128), [Uint32Array.of(1, 0, 0, 0), null, Uint32Array.of(5, 6, 7, 8)]),
  lists: () => words(new arrow.List(field('item', new arrow.Int32())), [[1, 2], null, []]),
  pairs: () => words(new arrow.FixedSizeList(2, field('item', new arrow.Int8())), [[1, 2], [3, 4], null]),
  objects: () =>
    words(new arrow.Struct([field('a', new arrow.Int32()), field('b', new arrow.Utf8())]), [
      { a: 1, b: 'x' },
      null,
      { a: null, b: 'z' },
    ]),
  labels: () =>
    words(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16(), 7, true), ['red', null, 'green']),
};

export const columnNames = Object.keys(COLUMNS);

export function tableOf(...names: readonly string[]): arrow.Table {
  return new arrow.Table(Object.fromEntries(names.map((name) => [name, COLUMNS[name]!()]))) as arrow.Table; // names of the list
}

/** With metadata, two batches, a slice, and types as they come from a file. */
export function variousTables(): readonly (readonly [name: string, table: arrow.Table])[] {
  const all = tableOf(...columnNames);
  const labelled = new arrow.Schema(
    [new arrow.Field('floats', new arrow.Float64(), false, new Map([['unit', 'm']]))],
    new Map([['made by', 'a test']]),
  );
  const described = new arrow.Table(
    labelled,
    tableOf('floats').batches.map((batch) => new arrow.RecordBatch(labelled, batch.data)),
  );
  return [
    ...columnNames.map((name) => [`a column of ${name}`, tableOf(name)] as const),
    ['every column', all],
    ['two batches', all.concat(all)],
    ['a slice', all.concat(all).slice(1, 5)],
    ['an empty table', new arrow.Table()],
    ['no rows', all.slice(0, 0)],
    ['metadata', described],
    ['a table read from a file', arrow.tableFromIPC(arrow.tableToIPC(all.select(fileColumns)))],
  ];
}

const fileColumns = columnNames.filter((name) => name !== 'nothing');

interface Seen {
  readonly schema: string;
  readonly types: readonly unknown[];
  readonly metadata: readonly unknown[];
  readonly batches: readonly number[];
  readonly rows: readonly unknown[];
}

/** Types by their classes, values cell by cell. */
export function seen(table: arrow.Table): Seen {
  const { schema, batches, numRows } = table;
  return {
    schema: String(schema),
    types: schema.fields.map(({ type, nullable }) => [Object.getPrototypeOf(type), { ...type }, nullable]),
    metadata: [schema.metadata, schema.metadataVersion, ...schema.fields.map(({ metadata }) => metadata)],
    batches: batches.map((batch) => batch.numRows),
    rows: Array.from({ length: numRows }, (_, at) =>
      schema.fields.map((_field, column) => plain(table.getChildAt(column)?.get(at))),
    ),
  };
}

function plain(cell: unknown): unknown {
  if (cell instanceof arrow.Vector) return Array.from(cell, plain);
  return cell instanceof arrow.StructRow ? plain(Object.values(cell.toJSON())) : cell;
}
