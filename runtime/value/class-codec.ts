// Codecs for instances of classes. A class has its own (`static [codec]`), or a module named by the build option
// `codecs` defines one for it (`defineCodec`).

/**
 * Turns instances into data and back. `encode` gives data that represents the value, of any storable type. `decode`
 * makes the value from it, or throws if it cannot. Both must be pure. `id` names the format: it is part of the shape
 * fingerprint and of keys, and must be a string literal. A changed format needs a new id.
 */
export interface Codec<T, Wire = unknown> {
  readonly id: string;
  encode(value: T): Wire;
  decode(wire: Wire): T;
}

/**
 * For classes of your own: `static readonly [codec]: Codec<Money, string> = { … }`. All copies of the package share
 * this symbol.
 */
export const codec: unique symbol = Symbol.for('cachekit.codec') as never; // the type of a constant made by Symbol.for

/** A class, and a codec for it that is not part of the class. */
// eslint-disable-next-line typescript/no-explicit-any -- as in api: any class, any wire
export interface ClassCodec<T = any> {
  readonly type: { readonly prototype: T };
  // eslint-disable-next-line typescript/no-explicit-any -- the wire is the codec's own business
  readonly codec: Codec<T, any>;
}

/** A codec and the prototype of its instances. */
export interface BoundCodec {
  readonly prototype: object;
  readonly codec: Codec<object>;
}

/** Codecs of `defineCodec`, by prototype. */
const foreign = new WeakMap<object, Codec<object>>();
/** Class names by the codec ids seen in keys. Two classes of different names with one id would share keys. */
const classOfId = new Map<string, string>();

/**
 * Defines a codec for a class that has none. Export the result from a module that the build option `codecs` names. If
 * the class has a codec of its own, that one is used.
 */
export function defineCodec<T, Wire>(type: { readonly prototype: T }, by: Codec<T, Wire>): ClassCodec<T> {
  const { prototype } = type;
  if (typeof prototype === 'object' && prototype !== null)
    foreign.set(prototype, by as Codec<never> as Codec<object>); // called only with values of this prototype
  return { type, codec: by };
}

/** Binds a class with a codec of its own, or a ClassCodec. undefined: it is neither, or its codec has another id. */
export function bindCodec(found: unknown, id: string): BoundCodec | undefined {
  if (typeof found === 'function') return ownCodec(found, id);
  if (typeof found !== 'object' || found === null) return undefined;
  const { type, codec: by } = found as Partial<ClassCodec<object>>; // checked below
  const prototype: unknown = type?.prototype;
  return isCodec(by) && by.id === id && typeof prototype === 'object' && prototype !== null
    ? { prototype, codec: by }
    : undefined;
}

function ownCodec(type: object, id: string): BoundCodec | undefined {
  const by: unknown = Object.hasOwn(type, codec) ? Reflect.get(type, codec) : undefined;
  const prototype: unknown = Reflect.get(type, 'prototype');
  return isCodec(by) && by.id === id && typeof prototype === 'object' && prototype !== null
    ? { prototype, codec: by }
    : undefined;
}

function isCodec(value: unknown): value is Codec<object> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'id') === 'string' &&
    typeof Reflect.get(value, 'encode') === 'function' &&
    typeof Reflect.get(value, 'decode') === 'function'
  );
}

/**
 * The codec by which an instance enters keys: that of its class, else the one defined for it. undefined: there is none,
 * or a class of another name uses its id.
 */
export function codecOf(value: object): Codec<object> | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || !Object.hasOwn(prototype, 'constructor'))
    return undefined;
  const type: unknown = Reflect.get(prototype, 'constructor');
  if (typeof type !== 'function' || Reflect.get(type, 'prototype') !== prototype) return undefined;
  const own: unknown = Object.hasOwn(type, codec) ? Reflect.get(type, codec) : undefined;
  const found = isCodec(own) ? own : foreign.get(prototype);
  if (found === undefined) return undefined;
  const taken = classOfId.get(found.id);
  if (taken === undefined) classOfId.set(found.id, type.name);
  return taken === undefined || taken === type.name ? found : undefined;
}
