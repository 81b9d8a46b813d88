// Writes the canonical MessagePack of interop/v1: the same bytes for the same value in every language. The rules are in
// docs/spec/interop.md.
import type { FloatPlaces, InteropFloats } from '../contract/float-places.ts';
import { CacheKitError } from '../errors/cachekit-error.ts';
import { bytesName } from '../value/bytes-kinds.ts';
import { isDate, isList, isMap, isPlain, isSet, ownNames } from '../value/exact-kinds.ts';
import { isAnyArrayBuffer } from '../value/node-types.ts';
import { ByteWriter, WriterFullError } from './byte-writer.ts';
import { compareCodePoints } from './compare-code-points.ts';
import { DATETIME_MARK, DATETIME_TEXT, datetimeText } from './datetime-text.ts';
import { DeclaredFloat } from './declared-float.ts';
import { isFloatPlace, placesBelow, type FloatRefs } from './float-places.ts';
import { interopError } from './interop-error.ts';
import { MAX_ARGUMENTS_BYTES, MAX_DEPTH, MAX_NODES, MAX_VALUE_BYTES } from './interop-limits.ts';
import { pathText, type Step } from './path-text.ts';
import { PROBLEMS, type Problem } from './problems.ts';

/**
 * Arguments and values differ in whole floats and dates: equal calls need equal arguments bytes, while a value must be
 * readable as what it was.
 */
export type InteropForm = 'args' | 'value';

/** Integers are from -2^63 to below 2^64. Both bounds are exact as numbers. */
const MIN_INTEGER = -(2 ** 63);
const INTEGER_END = 2 ** 64;

/**
 * The document, in memory of its own. Paths in errors begin with `form`. `floats`: places of declared floats; default
 * none.
 * @throws ERR_CACHEKIT_INTEROP for a value outside the data model or beyond the limits; nothing else
 */
export function encodeCanonical(root: unknown, form: InteropForm, floats?: InteropFloats): Uint8Array {
  const maxBytes = form === 'args' ? MAX_ARGUMENTS_BYTES : MAX_VALUE_BYTES;
  const walk: Walk = {
    form,
    writer: new ByteWriter(maxBytes),
    steps: [],
    floats: form === 'args' ? floats?.args : floats?.result,
    floatRefs: floats?.refs ?? [],
    nodes: 0,
    depth: 0,
    setBytes: 0,
  };
  try {
    writeNode(walk, root);
  } catch (error) {
    if (error instanceof CacheKitError && error.code === 'ERR_CACHEKIT_INTEROP') throw error;
    // A proxy trap threw, or memory ran out. The error may contain anything, so it is not passed on.
    return refuse(walk, error instanceof WriterFullError ? 'too-large' : 'unreadable');
  }
  return new Uint8Array(walk.writer.written());
}

/** State of one walk over a value. */
interface Walk {
  readonly form: InteropForm;
  readonly writer: ByteWriter;
  /** Path from the root to the present value. Kept after a failure, for the error. */
  readonly steps: Step[];
  /** Places of declared floats in the present value. */
  floats: FloatPlaces | undefined;
  readonly floatRefs: FloatRefs;
  nodes: number;
  depth: number;
  /**
   * Bytes of all elements of Sets so far. Counted apart, because they are buffered, and duplicates are then dropped.
   */
  setBytes: number;
}

function refuse(walk: Walk, problem: Problem): never {
  throw interopError(pathText(walk.form, walk.steps), PROBLEMS[problem]);
}

function writeNode(walk: Walk, value: unknown): void {
  if (++walk.nodes > MAX_NODES) refuse(walk, 'too-many');
  switch (typeof value) {
    case 'string':
      return writeText(walk, value);
    case 'number':
      return writeNumber(walk, value);
    case 'boolean':
      return walk.writer.byte(value ? 0xc3 : 0xc2);
    case 'bigint':
      return writeBigint(walk, value);
    case 'object':
      return value === null ? walk.writer.byte(0xc0) : writeObject(walk, value);
    default:
      return refuse(walk, typeof value as 'undefined' | 'function' | 'symbol'); // the other cases are above
  }
}

function writeText(walk: Walk, text: string): void {
  // The encoder would replace a lone surrogate by another character.
  if (!text.isWellFormed()) refuse(walk, 'surrogate');
  walk.writer.text(text);
}

function writeNumber(walk: Walk, value: number): void {
  if (walk.floats !== undefined && isFloatPlace(walk.floats, walk.floatRefs))
    return writeDeclaredFloat(walk, value);
  if (Number.isSafeInteger(value)) {
    if (walk.form === 'value' && Object.is(value, -0)) walk.writer.float(value);
    else walk.writer.integer(value);
    return;
  }
  if (!Number.isFinite(value)) refuse(walk, 'not-finite');
  // As an argument it could be a float, or an integer that has lost its last digits: one call could get two keys.
  if (walk.form === 'args' && isIntegral(value)) refuse(walk, 'unsafe-integer');
  walk.writer.float(value);
}

function writeDeclaredFloat(walk: Walk, value: number): void {
  if (!Number.isFinite(value)) refuse(walk, 'not-finite');
  if (walk.form === 'args' && isIntegral(value)) writeBigint(walk, BigInt(value));
  else walk.writer.float(value);
}

/** Whether the number is whole and in the range of integers. */
function isIntegral(value: number): boolean {
  return Number.isInteger(value) && value >= MIN_INTEGER && value < INTEGER_END;
}

function writeBigint(walk: Walk, value: bigint): void {
  // Checked before the conversion: comparing a huge bigint is cheap, converting it is not.
  if (value > 0xffff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) refuse(walk, 'integer-range');
  const number = Number(value);
  if (Number.isSafeInteger(number)) walk.writer.integer(number);
  else walk.writer.bigInteger(value);
}

function writeObject(walk: Walk, value: object): void {
  if (Array.isArray(value)) return enter(walk, () => writeList(walk, value));
  if (isPlain(value)) return enter(walk, () => writePlain(walk, value));
  if (isDate(value)) return writeDate(walk, Date.prototype.getTime.call(value));
  if (isMap(value)) return enter(walk, () => writeMap(walk, value));
  if (isSet(value))
    return walk.form === 'value' ? refuse(walk, 'set') : enter(walk, () => writeSet(walk, value));
  if (value instanceof DeclaredFloat) return writeDeclaredFloat(walk, value.number);
  const bytes = bytesName(value);
  if (bytes === 'Uint8Array' || bytes === 'Buffer') return walk.writer.binary(value as Uint8Array); // by its name
  return refuse(
    walk,
    bytes !== undefined || isAnyArrayBuffer(value) || ArrayBuffer.isView(value) ? 'bytes' : 'class',
  );
}

function enter(walk: Walk, write: () => void): void {
  if (walk.depth === MAX_DEPTH) refuse(walk, 'too-deep');
  walk.depth += 1;
  write();
  walk.depth -= 1;
}

function writeChild(walk: Walk, step: Step, value: unknown): void {
  const { floats } = walk;
  walk.steps.push(step);
  if (floats !== undefined) walk.floats = placesBelow(floats, step, walk.floatRefs);
  writeNode(walk, value);
  walk.floats = floats;
  walk.steps.pop();
}

function writeList(walk: Walk, value: unknown[]): void {
  // Before the elements are looked at: the array may have 2^32 holes.
  if (value.length > MAX_NODES) refuse(walk, 'too-many');
  if (!isList(value)) refuse(walk, 'array');
  const items = value.slice();
  walk.writer.arrayHead(items.length);
  items.forEach((item, i) => writeChild(walk, i, item));
}

function writePlain(walk: Walk, value: Readonly<Record<string, unknown>>): void {
  const names = ownNames(value);
  if (typeof names === 'string') return refuse(walk, names);
  writeEntries(walk, names, (name) => value[name]);
}

function writeMap(walk: Walk, value: ReadonlyMap<unknown, unknown>): void {
  if (value.size > MAX_NODES) refuse(walk, 'too-many');
  const names = [...value.keys()];
  if (!names.every((name) => typeof name === 'string')) return refuse(walk, 'map-name');
  writeEntries(walk, names, (name) => value.get(name));
}

function writeEntries(walk: Walk, names: string[], read: (name: string) => unknown): void {
  if (!names.every((name) => name.isWellFormed())) refuse(walk, 'surrogate-name');
  names.sort(compareCodePoints);
  walk.writer.mapHead(names.length);
  for (const name of names) {
    walk.writer.text(name);
    writeChild(walk, name, read(name));
  }
}

/** Elements are sorted by their bytes, without duplicates; different elements can have the same bytes, as 1 and 1n. */
function writeSet(walk: Walk, value: ReadonlySet<unknown>): void {
  if (value.size > MAX_NODES) refuse(walk, 'too-many');
  const { writer } = walk;
  const start = writer.length;
  const encoded: Buffer[] = [];
  for (const item of value) {
    writeChild(walk, undefined, item);
    walk.setBytes += writer.length - start;
    if (walk.setBytes > MAX_ARGUMENTS_BYTES) refuse(walk, 'too-large');
    encoded.push(Buffer.from(writer.written(start)));
    writer.rewind(start);
  }
  encoded.sort((a, b) => Buffer.compare(a, b));
  const distinct = encoded.filter((item, i) => i === 0 || !item.equals(encoded[i - 1] as Buffer)); // i > 0
  writer.arrayHead(distinct.length);
  for (const item of distinct) writer.raw(item);
}

function writeDate(walk: Walk, timeMs: number): void {
  if (Number.isNaN(timeMs)) refuse(walk, 'invalid-date');
  // Not timeMs / 1000: other languages divide microseconds, which rounds differently.
  if (walk.form === 'args') return writeDeclaredFloat(walk, (timeMs * 1000) / 1e6);
  const text = datetimeText(timeMs) ?? refuse(walk, 'date-range');
  walk.writer.mapHead(2);
  walk.writer.text(DATETIME_MARK);
  walk.writer.byte(0xc3);
  walk.writer.text(DATETIME_TEXT);
  walk.writer.text(text);
}
