// A table ↔ bytes. Not in Arrow's IPC format, whose readers trust the counts in the bytes: a few hostile bytes keep
// them busy for minutes (docs/decisions/0017-arrow.md).
import type * as arrow from 'apache-arrow';
import type { Wire } from '../../contract/wire.ts';
import { readMessagePack, writeMessagePack } from '../../serializer/message-pack.ts';
import type { ArrowBuild } from './arrow-build.ts';
import { createDataTree, type Dictionaries } from './data-tree.ts';
import { createFieldTree, newFieldContext, readMetadata, writeMetadata } from './field-tree.ts';
import { refuseTable } from './malformed-table.ts';
import { asCount, asList } from './tree.ts';

const VERSION = 1;
const MAX_METADATA_VERSION = 4;

/** Own properties of a plain table. `_nullCount` appears once somebody has asked for the count. */
const KNOWN: ReadonlySet<string | symbol> = new Set(['schema', 'batches', '_offsets', '_nullCount']);

/** Writes and reads whole tables. */
export interface TableBytes {
  /**
   * @throws MalformedTableError for anything but a `Table` of this build with storable types: also for a subclass, and
   * for a table to which properties were added
   */
  readonly tableToBytes: (table: unknown) => Uint8Array;
  /** Inverse of `tableToBytes`; safe on hostile bytes. @throws MalformedTableError, MalformedError */
  readonly tableFromBytes: (bytes: Uint8Array) => arrow.Table;
}

/** Table storage for the classes of one build of apache-arrow. */
export function createTableBytes(build: ArrowBuild): TableBytes {
  const { readData, writeData } = createDataTree(build);
  const { readField, writeField } = createFieldTree(build);

  function tableToBytes(table: unknown): Uint8Array {
    if (!isBareTable(table)) return refuseTable();
    const words: arrow.Vector[] = [];
    const stored: Wire[] = [];
    const dictionaries: Dictionaries = {
      indexOf(dictionary) {
        const known = words.indexOf(dictionary);
        if (known !== -1) return known;
        const chunks = dictionary.data.map((data) => writeData(data, dictionaries)); // nested dictionaries come first
        stored.push([writeField(new build.Field('', dictionary.type)), chunks]);
        return words.push(dictionary) - 1;
      },
      at: refuseTable,
    };
    const { fields, metadata, metadataVersion } = table.schema;
    const batches = table.batches.map((batch) => [
      writeMetadata(batch.metadata),
      writeData(batch.data, dictionaries),
    ]);
    const schema: Wire = [metadataVersion, writeMetadata(metadata), fields.map(writeField)];
    const written = writeMessagePack((to) => to.wire([VERSION, schema, stored, batches]));
    const bytes = new Uint8Array(written);
    written.fill(0);
    return bytes;
  }

  function tableFromBytes(bytes: Uint8Array): arrow.Table {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [version, head, stored, batches] = asList(readMessagePack(buffer, (from) => from.wire()).value, 4);
    if (version !== VERSION) return refuseTable();
    const [metadataVersion, metadata, columns] = asList(head, 3);
    const context = newFieldContext();
    const fields = asList(columns).map((field) => readField(field, context));
    const words: arrow.Vector[] = [];
    const dictionaries: Dictionaries = {
      indexOf: refuseTable,
      at: (index) => words[asCount(index, words.length)] ?? refuseTable(),
    };
    for (const dictionary of asList(stored)) {
      const [field, chunks] = asList(dictionary, 2);
      const { type } = readField(field, context);
      if (asList(chunks).length === 0) return refuseTable();
      words.push(new build.Vector(asList(chunks).map((chunk) => readData(chunk, type, dictionaries))));
    }
    const schema = new build.Schema(
      fields,
      readMetadata(metadata),
      undefined,
      asCount(metadataVersion, MAX_METADATA_VERSION),
    );
    return new build.Table(
      schema,
      asList(batches).map((batch) => readBatch(batch, schema, dictionaries)),
    );
  }

  function readBatch(part: Wire, schema: arrow.Schema, dictionaries: Dictionaries): arrow.RecordBatch {
    const [metadata, rows] = asList(part, 2);
    const data = readData(rows, new build.Struct(schema.fields), dictionaries);
    if (data.children.some((column) => column.length !== data.length)) return refuseTable();
    return new build.RecordBatch(schema, data as arrow.Data<arrow.Struct>, readMetadata(metadata)); // read as a Struct
  }

  /** Whether the value is exactly what Arrow makes: a subclass or an added property would not survive storage. */
  function isBareTable(value: unknown): value is arrow.Table {
    if (typeof value !== 'object' || value === null) return false;
    return (
      Object.getPrototypeOf(value) === build.Table.prototype &&
      Reflect.ownKeys(value).every((key) => KNOWN.has(key))
    );
  }

  return { tableToBytes, tableFromBytes };
}
