// Typed arrays, Buffer and ArrayBuffer: recognises their type, views their bytes, and copies them.
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
/** Name of a storable type of bytes. */
export type BytesName = TypedName | 'Buffer' | 'ArrayBuffer';
/** Bytes of any type. */
export type Bytes = ArrayBufferView | ArrayBuffer;

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);

/** Reads an internal slot through the getter of the prototype, so that a forged prototype has no effect. */
function typedName(value: object): string | undefined {
  const name: unknown = Reflect.get(typedArray, Symbol.toStringTag, value);
  return typeof name === 'string' ? name : undefined;
}

/**
 * Name of the built-in whose exact instance the value is. undefined for subclasses, DataView, and memory that is
 * shared, resizable or detached, of which a copy would differ. Does not check for added properties.
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
  const typed = name as TypedName; // hasOwn was checked
  return prototype === TYPED[typed].prototype ? typed : undefined;
}

/** Whether the memory is fixed in size and still there. */
function isSolid(buffer: ArrayBuffer): boolean {
  return !buffer.resizable && !buffer.detached;
}

/**
 * Whether the value has no enumerable properties besides its elements: some libraries add properties, such as a shape.
 * Takes about 1 µs, because it is compared with a view of the same memory.
 */
export function isBareBytes(value: Bytes, name: BytesName): boolean {
  if (!ArrayBuffer.isView(value)) return Reflect.ownKeys(value).length === 0;
  const { buffer, byteOffset, byteLength } = value;
  if (name === 'Buffer') return areEqual(value, Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)); // not shared: bytesName
  const Typed = TYPED[name as TypedName]; // an ArrayBuffer is no view
  const same = new Typed(buffer as ArrayBuffer, byteOffset, byteLength / Typed.BYTES_PER_ELEMENT); // not shared
  return areEqual(value, same);
}

/** A view of the same memory as plain bytes. */
export function viewBytes(value: Bytes): Uint8Array {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

/** A copy of the same type. @throws WireError unless `bytesName` knows the value */
export function copyBytes(value: Bytes): Bytes {
  return makeBytes(bytesName(value) ?? failWire(), viewBytes(value));
}

/**
 * A new value of this type with a copy of the bytes.
 * @throws WireError if the type is unknown or the length does not fit
 */
export function makeBytes(name: string, bytes: Uint8Array): Bytes {
  if (name === 'Buffer') return Buffer.from(bytes);
  // Not `bytes.slice()`, which shares memory if `bytes` is a Buffer.
  const copy = new Uint8Array(bytes);
  if (name === 'ArrayBuffer') return copy.buffer;
  if (!Object.hasOwn(TYPED, name)) return failWire();
  const Typed = TYPED[name as TypedName]; // hasOwn was checked
  return copy.byteLength % Typed.BYTES_PER_ELEMENT === 0 ? new Typed(copy.buffer) : failWire();
}
