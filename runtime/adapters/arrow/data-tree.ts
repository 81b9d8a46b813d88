// Arrow's columns ↔ plain lists of their memory. What is read is looked at so that no access of it later can leave that memory.
import type * as arrow from 'apache-arrow';
import type { Wire } from '../../contract/wire.ts';
import type { ArrowBuild } from './arrow-build.ts';
import { refuseTable } from './malformed-table.ts';
import { asBytes, asCount, asList } from './tree.ts';

type AnyData = arrow.Data;

/** Places of buffers in Arrow's own list. */
const OFFSETS = 0;
const VALUES = 1;
const VALIDITY = 2;

/** Rows of columns that take no memory. */
const MAX_EMPTY_ROWS = 1_000_000;

/** Dictionaries that are written once, however many columns and batches use them. */
export interface Dictionaries {
  indexOf(dictionary: arrow.Vector): number;
  at(index: Wire | undefined): arrow.Vector;
}

export interface DataTree {
  readonly writeData: (data: AnyData, dictionaries: Dictionaries) => Wire;
  /** @throws MalformedTableError unless every access of the column stays within the memory that came with it. */
  readonly readData: (part: Wire | undefined, type: arrow.DataType, dictionaries: Dictionaries) => AnyData;
}

export function createDataTree(build: ArrowBuild): DataTree {
  function writeData(data: AnyData, dictionaries: Dictionaries): Wire {
    if (Object.getPrototypeOf(data) !== build.Data.prototype || data.typeIds !== undefined)
      return refuseTable();
    if (data.variadicBuffers.length > 0) return refuseTable();
    const { length, offset, valueOffsets, values, nullBitmap, children, dictionary } = data;
    return [
      length,
      offset,
      memoryOf(valueOffsets),
      memoryOf(values),
      memoryOf(data.nullCount > 0 ? nullBitmap : undefined),
      children.map((child) => writeData(child, dictionaries)),
      dictionary === undefined ? null : dictionaries.indexOf(dictionary),
    ];
  }

  function readData(part: Wire | undefined, type: arrow.DataType, dictionaries: Dictionaries): AnyData {
    const [rows, start, offsets, values, validity, inner, dictionary] = asList(part, 7);
    const maxRows = Math.max(MAX_EMPTY_ROWS, 8 * memorySize(part));
    const length = asCount(rows, maxRows);
    const offset = asCount(start, maxRows);
    const children = asList(inner).map((child, at) => readData(child, childType(type, at), dictionaries));
    if (children.length !== (build.DataType.isDictionary(type) ? 0 : (type.children?.length ?? 0)))
      refuseTable();
    const buffers = {
      [OFFSETS]: offsets === null ? undefined : elements(type.OffsetArrayType, asBytes(offsets)),
      [VALUES]: values === null ? undefined : elements(valuesOf(type), asBytes(values)),
      [VALIDITY]: validity === null ? undefined : asBytes(validity),
    };
    const words = dictionary === null ? undefined : dictionaries.at(dictionary);
    const nullCount = validity === null ? 0 : -1; // counted by Arrow when it is asked for
    const data = new build.Data(type, offset, length, nullCount, buffers as never, children, words); // as its types say
    return isWithin(data) ? data : refuseTable();
  }

  function isWithin(data: AnyData): boolean {
    const { type, length, offset, nullBitmap, nullCount } = data;
    const bits = offset + length;
    if (nullCount > 0 && 8 * (nullBitmap?.byteLength ?? 0) < bits) return false;
    const count = (data.values as ArrayLike<unknown> | undefined)?.length ?? 0;
    if (build.DataType.isNull(type)) return true;
    if (build.DataType.isBool(type)) return 8 * count >= bits;
    if (build.DataType.isStruct(type)) return data.children.every((child) => child.length >= length);
    if (build.DataType.isFixedSizeList(type))
      return (data.children[0]?.length ?? -1) >= length * type.listSize;
    if (build.DataType.isList(type) || build.DataType.isMap(type))
      return hasOffsets(data, data.children[0]?.length ?? -1);
    if (isVariable(type)) return hasOffsets(data, count);
    if (build.DataType.isDictionary(type)) return hasWords(data);
    return count >= length * data.stride;
  }

  /** A dictionary column holds indices; what Arrow calls its values are those of the words. */
  function valuesOf(type: arrow.DataType): Elements {
    const stored = build.DataType.isDictionary(type) ? type.indices : type;
    return stored.ArrayType as Elements; // of a type that has values
  }

  function isVariable(type: arrow.DataType): boolean {
    const { DataType } = build;
    const isText = DataType.isUtf8(type) || DataType.isLargeUtf8(type);
    return isText || DataType.isBinary(type) || DataType.isLargeBinary(type);
  }

  return { writeData, readData };
}

function memoryOf(view: unknown): Wire {
  if (view === undefined || view === null) return null;
  if (!ArrayBuffer.isView(view)) return refuseTable();
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Bytes in a part, at any depth; what memory there is bounds the rows that can be claimed. */
function memorySize(part: Wire | undefined): number {
  if (part instanceof Uint8Array) return part.byteLength;
  return Array.isArray(part) ? part.reduce<number>((sum, inner: Wire) => sum + memorySize(inner), 0) : 0;
}

function childType(type: arrow.DataType, at: number): arrow.DataType {
  return (type.children as readonly arrow.Field[] | null)?.[at]?.type ?? refuseTable();
}

type Elements = (new (buffer: ArrayBufferLike, at: number, length: number) => object) & {
  readonly BYTES_PER_ELEMENT: number;
};

function elements(ArrayType: Elements | undefined, bytes: Uint8Array): object {
  const width = ArrayType?.BYTES_PER_ELEMENT;
  if (ArrayType === undefined || width === undefined || bytes.byteLength % width !== 0) return refuseTable();
  return new ArrayType(bytes.buffer, bytes.byteOffset, bytes.byteLength / width);
}

/** From each to the next, and to the end of what they point into. An empty column may have none. */
function hasOffsets({ valueOffsets, length }: AnyData, end: number): boolean {
  const offsets = valueOffsets as unknown as Int32Array | BigInt64Array | undefined; // of a type that has them
  if (offsets === undefined || offsets.length < length + 1) return length === 0;
  let before = 0;
  for (let i = 0; i <= length; i++) {
    const at = Number(offsets[i]);
    if (!(at >= before && at <= end)) return false;
    before = at;
  }
  return true;
}

/** Every index that is not null is one of a word. */
function hasWords(data: AnyData): boolean {
  const { dictionary, length } = data;
  const indices = data.values as unknown as ArrayLike<number | bigint>; // of an integer type
  if (dictionary === undefined || indices === undefined || indices.length < length) return false;
  for (let i = 0; i < length; i++) {
    const index = Number(indices[i]);
    if (data.getValid(i) && !(index >= 0 && index < dictionary.length)) return false;
  }
  return true;
}
