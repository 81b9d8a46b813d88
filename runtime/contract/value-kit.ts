// The helpers generated value functions may call, and what those functions are. See docs/spec/frame.md.
import type { BuiltIns } from './built-ins.ts';
import type { Wire, WireReader, WireWriter } from './wire.ts';

/** Parts that are not primitives; functions that begin with `to` take hostile data and throw `WireError`. */
export interface ValueKit {
  readonly js: BuiltIns;
  /** Non-null object whose prototype is Object.prototype or null. */
  plain(value: unknown): value is Record<string, unknown>;
  /** Number of the enumerable properties of a plain object when all are among `names` and in their order, else -1. */
  own(value: object, names: readonly string[]): number;
  /**
   * `value` is an object, `prototype`, which is its prototype, is Object.prototype, and `own` gives `count` (all of `names`,
   * unless said). `open`: the prototype is that or null, and properties are not looked at. Asked after these were read.
   */
  closed(
    value: unknown,
    prototype: unknown,
    names: readonly string[],
    open?: boolean,
    count?: number,
  ): boolean;
  /** Of milliseconds since 1970; NaN is the invalid date. */
  toDate(timeMs: number): Date;
  /** Typed arrays, Buffer and ArrayBuffer: a view of the bytes; the constructor name stands in the generated code. */
  bytes(value: ArrayBufferView | ArrayBuffer): Uint8Array;
  /** In memory of its own. */
  toBytes(bytes: Uint8Array, type: string): unknown;
  /** `value` is exactly an instance of that built-in (own prototype, no subclass). */
  isBytes(value: unknown, type: string): boolean;
  /** An array of the built-in prototype, without holes. */
  isList(value: unknown): value is unknown[];
  isStrings(value: unknown): value is string[];
  strings(to: WireWriter, value: readonly string[]): void;
  toStrings(from: WireReader): string[];
  each<T>(to: WireWriter, list: readonly T[], write: (to: WireWriter, element: T) => void): void;
  copyEach<T>(list: readonly T[], copy: (element: T) => T): T[];
  /** A map of primitives of these kinds. Throws WireError when it changes meanwhile. */
  map(to: WireWriter, map: ReadonlyMap<unknown, unknown>, key: PartKind, item: PartKind): void;
  /** Of a map of primitives. */
  copyMap<K, V>(map: ReadonlyMap<K, V>): Map<K, V>;
  isDate(value: unknown): value is Date;
  isMap(value: unknown): value is Map<unknown, unknown>;
  isSet(value: unknown): value is Set<unknown>;
  copyBytes(value: unknown): unknown;
  /** URL, RegExp and Temporal: the text that says the value; the name of the type stands in the generated code. */
  text(value: object, type: string): string;
  toText(text: string, type: string): unknown;
  /** `value` is exactly an instance of that built-in, and its text says all of it. */
  isText(value: unknown, type: string): boolean;
  copyText(value: object, type: string): unknown;
  /** The codec with that id of the class (or ClassCodec) that `reach` gives; `isWire` tests what it encodes to. */
  coded(id: string, reach: () => unknown, isWire: (data: unknown) => boolean): Coded;
  /** Any supported value in tagged form: what the type leaves open. No RegExp and no class: only a type can say those. */
  any(value: unknown): Wire;
  toAny(wire: Wire): unknown;
  /** Deep copy of any supported value. */
  copyAny(value: unknown): unknown;
  /** True when `any` can hold the value faithfully. */
  isAny(value: unknown): boolean;
  /** The walk over a value ends: no cycles, limited depth and size. `coded`: classes that may be in it. */
  ends(value: unknown, coded: readonly Coded[]): boolean;
  /** Into `[0, …]`: the object of a union that has one. `to.end()` leads out. */
  into(to: WireWriter): void;
  /** The same for reading. Throws WireError where something else is next. */
  arm(from: WireReader): void;
  /** Into `[layout, …]`: the value of a type that can be written in several ways. `to.end()` leads out. */
  layout(to: WireWriter, layout: string): void;
  /** Throws WireError where another layout is next. */
  toLayout(from: WireReader, layout: string): void;
  /** `from.end()`; gives `value`. */
  end<T>(from: WireReader, value: T): T;
  /** Throws WireError. */
  fail(): never;
}

/** What `typeof` says of a primitive that stands in a Map. */
export type PartKind = 'string' | 'number' | 'boolean' | 'bigint';

/** Instances of one class, and the data their codec makes of them. */
export interface Coded {
  readonly id: string;
  /** `value` has the prototype of the class. */
  owns(value: object): boolean;
  /** `value` is exactly an instance, and its codec gives what its types say. May throw. */
  is(value: unknown): boolean;
  /** May throw, like the codec. */
  encode(value: object): unknown;
  /** Hostile data. @throws WireError, or what the codec throws, unless the result is an instance. */
  decode(data: unknown): object;
}

/** What the declared type names and plain data does not have: the tagged form may hold it, since the type says so. */
export interface DeclaredKinds {
  /** Somewhere in the type is a RegExp. Without it none is ever made of stored bytes. */
  readonly regExp?: boolean;
  readonly coded?: readonly Coded[];
}

export interface ValueOps {
  /**
   * The value is exactly of the declared type: kinds, prototypes, no own properties beyond the declared ones, and these
   * in the order of their declaration. Asked of what `inspectValue` took, or a decoder made: accessors, symbols, hidden
   * properties and properties of arrays are not looked for again. `open` allows further own properties and any order (the value then travels in
   * tagged form, which keeps both).
   */
  readonly accepts: (value: unknown, open?: boolean) => boolean;
  /** Absent: plain data, and what `any` of the kit holds. */
  readonly declared?: DeclaredKinds;
  /** Deep copy of a value that `accepts` took without `open`. Absent: the value is a primitive. */
  readonly copy?: (value: never) => unknown;
  /** The types prove that nobody can change the value (readonly all the way): one copy serves all hits. */
  readonly immutable?: true;
  /** The parts, in the order of the shape, of a value that `accepts` took without `open`. */
  readonly write: (to: WireWriter, value: never) => void;
  /** Inverse of `write` on hostile data: throws unless the result is exactly of the declared type. */
  readonly read: (from: WireReader) => unknown;
}
