// How instances of classes are stored: by what their class says (`static [codec]`), or by what a module of the build
// option `codecs` says for it (`defineCodec`).

/**
 * `encode` gives the data that says the value (anything that can be stored); `decode` makes a value of it, or throws when
 * it cannot be one. Both are pure. `id` names the form: it is part of the shape fingerprint and of keys, has to be a
 * string literal, one form has one id, and a new form needs a new one.
 */
export interface Codec<T, Wire = unknown> {
  readonly id: string;
  encode(value: T): Wire;
  decode(wire: Wire): T;
}

/** Own classes: `static readonly [codec]: Codec<Money, string> = { … }`. One symbol for all copies of the package. */
export const codec: unique symbol = Symbol.for('cachekit.codec') as never; // the type of a constant made by Symbol.for

/** A class and the codec that somebody else wrote for it. */
// eslint-disable-next-line typescript/no-explicit-any -- as in api: any class, any wire
export interface ClassCodec<T = any> {
  readonly type: { readonly prototype: T };
  // eslint-disable-next-line typescript/no-explicit-any -- the wire is the codec's own business
  readonly codec: Codec<T, any>;
}

/** A codec and the prototype that its values have. */
export interface BoundCodec {
  readonly prototype: object;
  readonly codec: Codec<object>;
}

const foreign = new WeakMap<object, Codec<object>>();
/** Ids met in keys: two classes of other names under one id would share keys. */
const classOfId = new Map<string, string>();

/**
 * A codec for a class that has none of its own. Export the result from a module that the build option `codecs` names.
 * The codec of an own class wins.
 */
export function defineCodec<T, Wire>(type: { readonly prototype: T }, by: Codec<T, Wire>): ClassCodec<T> {
  const { prototype } = type;
  if (typeof prototype === 'object' && prototype !== null)
    foreign.set(prototype, by as Codec<never> as Codec<object>); // called with values of that prototype only
  return { type, codec: by };
}

/** What `reach()` gave: a class with a codec of its own, or a ClassCodec. */
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

/** The codec for keys: of the class itself, else as defined for it. Undefined: none, or its id is taken by another class. */
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
