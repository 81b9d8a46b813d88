// Types of the generated value functions, and of the helpers they may call. See docs/spec/frame.md.
import type { BuiltIns } from './built-ins.ts';
import type { Wire, WireReader, WireWriter } from './wire.ts';

/**
 * Helpers for values that are not primitives. Methods whose names begin with `to` read hostile data and throw
 * `WireError`.
 */
export interface ValueKit {
  readonly js: BuiltIns;
  /** Whether it is a non-null object whose prototype is Object.prototype or null. */
  plain(value: unknown): value is Record<string, unknown>;
  /** Number of enumerable properties of a plain object if all are among `names`, in their order; else -1. */
  own(value: object, names: readonly string[]): number;
  /**
   * Whether `value` is an object with Object.prototype (its prototype is passed as `prototype`) for which `own` gives
   * `count` (default: all of `names`). `open`: a null prototype is accepted too, and properties are not checked. Called
   * after the properties were read.
   */
  closed(
    value: unknown,
    prototype: unknown,
    names: readonly string[],
    open?: boolean,
    count?: number,
  ): boolean;
  /** `timeMs`: epoch ms; NaN is the invalid date. */
  toDate(timeMs: number): Date;
  /** A view of the bytes of a typed array, Buffer or ArrayBuffer. Generated code has the name of its constructor. */
  bytes(value: ArrayBufferView | ArrayBuffer): Uint8Array;
  /** A new `type` with its own copy of the bytes. */
  toBytes(bytes: Uint8Array, type: string): unknown;
  /** Whether it is exactly an instance of the built-in `type`: own prototype, no subclass. */
  isBytes(value: unknown, type: string): boolean;
  /** Whether it is an array with the built-in prototype, without holes. */
  isList(value: unknown): value is unknown[];
  isStrings(value: unknown): value is string[];
  strings(to: WireWriter, value: readonly string[]): void;
  toStrings(from: WireReader): string[];
  each<T>(to: WireWriter, list: readonly T[], write: (to: WireWriter, element: T) => void): void;
  copyEach<T>(list: readonly T[], copy: (element: T) => T): T[];
  /** Writes a map of primitives of these kinds. Throws WireError if the map changes meanwhile. */
  map(to: WireWriter, map: ReadonlyMap<unknown, unknown>, key: PartKind, item: PartKind): void;
  /** Copies a map of primitives. */
  copyMap<K, V>(map: ReadonlyMap<K, V>): Map<K, V>;
  isDate(value: unknown): value is Date;
  isMap(value: unknown): value is Map<unknown, unknown>;
  isSet(value: unknown): value is Set<unknown>;
  copyBytes(value: unknown): unknown;
  /** The text that represents a URL, RegExp or Temporal value. Generated code has the name of the type. */
  text(value: object, type: string): string;
  toText(text: string, type: string): unknown;
  /** Whether it is exactly an instance of the built-in `type`, and its text represents all of it. */
  isText(value: unknown, type: string): boolean;
  copyText(value: object, type: string): unknown;
  /** The codec `id` of the class (or ClassCodec) that `reach` gives. `isWire` checks the data it encodes to. */
  coded(id: string, reach: () => unknown, isWire: (data: unknown) => boolean): Coded;
  /**
   * Tagged form of any supported value, for what the type leaves open. No RegExp and no classes: a type must name
   * those.
   */
  any(value: unknown): Wire;
  toAny(wire: Wire): unknown;
  /** Deep copy of any supported value. */
  copyAny(value: unknown): unknown;
  /** Whether `any` can represent the value exactly. */
  isAny(value: unknown): boolean;
  /** Whether a walk over the value ends: no cycles, limited depth and size. `coded`: classes that it may contain. */
  ends(value: unknown, coded: readonly Coded[]): boolean;
  /** Begins `[0, …]`, the object member of a union. `to.end()` ends it. */
  into(to: WireWriter): void;
  /** The same for reading. Throws WireError if something else is next. */
  arm(from: WireReader): void;
  /** Begins `[layout, …]`, for a type that can be written in several ways. `to.end()` ends it. */
  layout(to: WireWriter, layout: string): void;
  /** The same for reading. Throws WireError if another layout is next. */
  toLayout(from: WireReader, layout: string): void;
  /** Calls `from.end()` and returns `value`. */
  end<T>(from: WireReader, value: T): T;
  /** Throws WireError. */
  fail(): never;
}

/** `typeof` of a primitive in a Map. */
export type PartKind = 'string' | 'number' | 'boolean' | 'bigint';

/** A class whose instances a codec turns into data and back. */
export interface Coded {
  readonly id: string;
  /** Whether the value has the prototype of the class. */
  owns(value: object): boolean;
  /** Whether the value is exactly an instance, and its codec gives data of the declared type. May throw. */
  is(value: unknown): boolean;
  /** May throw, like the codec. */
  encode(value: object): unknown;
  /** Takes hostile data. @throws WireError, or the error of the codec, unless the result is an instance */
  decode(data: unknown): object;
}

/** Kinds of value that the tagged form may contain only because the declared type names them. */
export interface DeclaredKinds {
  /** The type contains a RegExp. Otherwise none is ever made from stored bytes. */
  readonly regExp?: boolean;
  readonly coded?: readonly Coded[];
}

/** The generated value functions of one site. */
export interface ValueOps {
  /**
   * Whether the value is exactly of the declared type: kinds, prototypes, and only declared own properties, in
   * declared order. The value comes from `inspectValue` or a decoder, so accessors, symbols, hidden properties and
   * properties of arrays are not checked again. `open` allows further own properties and any order: the value is then
   * stored in tagged form, which keeps both.
   */
  readonly accepts: (value: unknown, open?: boolean) => boolean;
  /** Absent: the type names no RegExp and no class. */
  readonly declared?: DeclaredKinds;
  /** Deep copy of a value that `accepts` took without `open`. Absent: the value is a primitive. */
  readonly copy?: (value: never) => unknown;
  /** The types prove that the value cannot change (readonly throughout), so all hits may share one copy. */
  readonly immutable?: true;
  /** Writes the parts of a value that `accepts` took without `open`, in the order of the shape. */
  readonly write: (to: WireWriter, value: never) => void;
  /** Inverse of `write` on hostile data. Throws unless the result is exactly of the declared type. */
  readonly read: (from: WireReader) => unknown;
}
