// Arrow's columns ↔ plain lists of their buffers. Reading checks every length and offset, so that a column built from
// hostile bytes can never be accessed outside its own buffers.
import type * as arrow from 'apache-arrow';
import type { Wire } from '../../contract/wire.ts';
import type { ArrowBuild } from './arrow-build.ts';
import { refuseTable } from './malformed-table.ts';
import { asBytes, asCount, asList } from './tree.ts';

type AnyData = arrow.Data;

/** Indices in the buffer list that Arrow's `Data` constructor takes. */
const OFFSETS = 0;
const VALUES = 1;
const VALIDITY = 2;

/** Most rows of a column whose buffers are too small to bound the count, such as a column of nulls. */
const MAX_EMPTY_ROWS = 1_000_000;

/** The dictionaries of one table. Each is stored once, however many columns and batches use it. */
export interface Dictionaries {
  /** For writing: stores the dictionary if it is new. */
  indexOf(dictionary: arrow.Vector): number;
  /** For reading. @throws MalformedTableError when there is no dictionary with this index. */
  at(index: Wire | undefined): arrow.Vector;
}

/** Writes and reads one column, with its children. */
export interface DataTree {
  /** @throws MalformedTableError for a subclass of `Data`, a union, or a column of views, which cannot be stored */
  readonly writeData: (data: AnyData, dictionaries: Dictionaries) => Wire;
  /** @throws MalformedTableError unless every access to the column stays within the buffers stored with it. */
  readonly readData: (part: Wire | undefined, type: arrow.DataType, dictionaries: Dictionaries) => AnyData;
}

/** Column storage for the classes of one build of apache-arrow. */
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
    const nullCount = validity === null ? 0 : -1; // -1: Arrow counts when it needs to
    const data = new build.Data(type, offset, length, nullCount, buffers as never, children, words); // fitting buffers
    return isWithin(data) ? data : refuseTable();
  }

  /** Whether every row of the column lies within its buffers and children. */
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

  /**
   * Array class of the values buffer. A dictionary column stores indices there, while Arrow's `ArrayType` of a
   * dictionary type is that of the words.
   */
  function valuesOf(type: arrow.DataType): Elements {
    const stored = build.DataType.isDictionary(type) ? type.indices : type;
    return stored.ArrayType as Elements; // undefined for types without values, which `elements` refuses
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

/** Bytes of all buffers in a part, at any depth. Stored rows cannot outnumber the bits of their buffers. */
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

/** Whether the offsets never decrease and end within `end` elements. Only an empty column may lack offsets. */
function hasOffsets({ valueOffsets, length }: AnyData, end: number): boolean {
  const offsets = valueOffsets as unknown as Int32Array | BigInt64Array | undefined; // the type has offsets
  if (offsets === undefined || offsets.length < length + 1) return length === 0;
  let before = 0;
  for (let i = 0; i <= length; i++) {
    const at = Number(offsets[i]);
    if (!(at >= before && at <= end)) return false;
    before = at;
  }
  return true;
}

/** Whether every index that is not null points to a word of the dictionary. */
function hasWords(data: AnyData): boolean {
  const { dictionary, length } = data;
  const indices = data.values as unknown as ArrayLike<number | bigint>; // indices have an integer type
  if (dictionary === undefined || indices === undefined || indices.length < length) return false;
  for (let i = 0; i < length; i++) {
    const index = Number(indices[i]);
    if (data.getValid(i) && !(index >= 0 && index < dictionary.length)) return false;
  }
  return true;
}
