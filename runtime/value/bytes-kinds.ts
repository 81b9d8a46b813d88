// Typed arrays, Buffer and ArrayBuffer: which one a value is, its bytes, and copies.
import { areEqual } from './are-equal.ts';
import { isArrayBuffer } from './node-types.ts';
import { failWire } from './wire-error.ts';

const TYPED = {
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

type TypedName = keyof typeof TYPED;
export type BytesName = TypedName | 'Buffer' | 'ArrayBuffer';
export type Bytes = ArrayBufferView | ArrayBuffer;

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);

/** The getter reads an internal slot: a forged prototype does not deceive it. */
function typedName(value: object): string | undefined {
  const name: unknown = Reflect.get(typedArray, Symbol.toStringTag, value);
  return typeof name === 'string' ? name : undefined;
}

/**
 * The built-in that `value` is exactly; undefined for subclasses, DataView, and memory that is shared, resizable or
 * detached: a copy would not be the same. Properties added to it are not looked for.
 */
export function bytesName(value: unknown): BytesName | undefined {
  if (isArrayBuffer(value)) {
    return isSolid(value) && Object.getPrototypeOf(value) === ArrayBuffer.prototype
      ? 'ArrayBuffer'
      : undefined;
  }
  if (!ArrayBuffer.isView(value) || !isArrayBuffer(value.buffer) || !isSolid(value.buffer)) return undefined;
  const name = typedName(value);
  if (name === undefined || !Object.hasOwn(TYPED, name)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (name === 'Uint8Array' && prototype === Buffer.prototype) return 'Buffer';
  const typed = name as TypedName; // an own key of TYPED, see above
  return prototype === TYPED[typed].prototype ? typed : undefined;
}

function isSolid(buffer: ArrayBuffer): boolean {
  return !buffer.resizable && !buffer.detached;
}

/**
 * Nothing but bytes: no enumerable properties besides the elements. Some libraries add such, a shape for example. About 1 us:
 * what it is compared with is the same memory.
 */
export function isBareBytes(value: Bytes, name: BytesName): boolean {
  if (!ArrayBuffer.isView(value)) return Reflect.ownKeys(value).length === 0;
  const { buffer, byteOffset, byteLength } = value;
  if (name === 'Buffer') return areEqual(value, Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)); // bytesName refused shared memory
  const Typed = TYPED[name as TypedName]; // an ArrayBuffer is no view
  const same = new Typed(buffer as ArrayBuffer, byteOffset, byteLength / Typed.BYTES_PER_ELEMENT); // as above
  return areEqual(value, same);
}

/** The same memory as plain bytes, not a copy. */
export function viewBytes(value: Bytes): Uint8Array {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

/** A copy in memory of its own. */
export function copyBytes(value: Bytes): Bytes {
  return makeBytes(bytesName(value) ?? failWire(), viewBytes(value));
}

/** @throws WireError when the length does not fit the type. */
export function makeBytes(name: string, bytes: Uint8Array): Bytes {
  if (name === 'Buffer') return Buffer.from(bytes);
  // A plain Uint8Array: the input may be a Buffer, whose slice shares memory.
  const copy = new Uint8Array(bytes);
  if (name === 'ArrayBuffer') return copy.buffer;
  if (!Object.hasOwn(TYPED, name)) return failWire();
  const Typed = TYPED[name as TypedName]; // an own key of TYPED, see above
  return copy.byteLength % Typed.BYTES_PER_ELEMENT === 0 ? new Typed(copy.buffer) : failWire();
}
