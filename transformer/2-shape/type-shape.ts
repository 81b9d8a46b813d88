// The types of a marked function, free of any type checker. Plain JSON; its canonical text is hashed (hash-shape.ts).

export type PrimitiveName = 'string' | 'number' | 'bigint' | 'boolean' | 'null' | 'undefined';
export type BytesType =
  | 'Uint8Array'
  | 'Uint8ClampedArray'
  | 'Int8Array'
  | 'Uint16Array'
  | 'Int16Array'
  | 'Uint32Array'
  | 'Int32Array'
  | 'Float32Array'
  | 'Float64Array'
  | 'BigInt64Array'
  | 'BigUint64Array'
  | 'Buffer'
  | 'ArrayBuffer';
/** `Pii<T>` and `Secret<T>`, or a type the build names as sensitive. */
export type Sensitivity = 'pii' | 'secret';

interface Common {
  readonly brand?: string;
  readonly sensitive?: Sensitivity;
}

export interface PropertyShape {
  readonly name: string;
  readonly optional: boolean;
  readonly readonly: boolean;
  readonly shape: TypeShape;
}

export type TypeShape = Common &
  (
    | { readonly kind: 'primitive'; readonly name: PrimitiveName }
    | { readonly kind: 'literal'; readonly value: string | number | boolean | { readonly bigint: string } }
    /** `name`: alias or interface name, for people only. `dataClass`: a class with public fields and no methods. */
    | {
        readonly kind: 'object';
        readonly properties: readonly PropertyShape[];
        readonly name?: string;
        readonly dataClass?: true;
      }
    | { readonly kind: 'array'; readonly element: TypeShape; readonly readonly: boolean }
    | {
        readonly kind: 'tuple';
        readonly elements: readonly {
          readonly shape: TypeShape;
          readonly optional: boolean;
          readonly rest: boolean;
        }[];
        readonly readonly: boolean;
      }
    /** Index signature; declared properties beside it, if any. Keys are strings at run time. */
    | {
        readonly kind: 'record';
        readonly value: TypeShape;
        readonly properties: readonly PropertyShape[];
        readonly readonly: boolean;
      }
    | { readonly kind: 'map'; readonly key: TypeShape; readonly value: TypeShape; readonly readonly: boolean }
    | { readonly kind: 'set'; readonly element: TypeShape; readonly readonly: boolean }
    | { readonly kind: 'date' }
    | { readonly kind: 'bytes'; readonly type: BytesType }
    /** At least two arms, none a union; `boolean` stays a primitive. Order: canonical (hash-shape.ts). */
    | { readonly kind: 'union'; readonly arms: readonly TypeShape[] }
    /** Recursion: index into SignatureShape.refs. Only types that contain themselves become refs. */
    | { readonly kind: 'ref'; readonly id: number }
    /** `unknown`/`any` below the root: checked at run time (CK2006). */
    | { readonly kind: 'any' }
    | { readonly kind: 'unsupported'; readonly reason: UnsupportedReason; readonly typeText: string }
  );

/** Why a type cannot be stored or keyed; each maps to one diagnostic. */
export type UnsupportedReason =
  | 'any'
  | 'unresolved'
  | 'function'
  | 'symbol'
  | 'class'
  | 'stream'
  | 'http'
  | 'error'
  | 'promise'
  | 'this'
  | 'void'
  | 'never'
  | 'type-parameter'
  | 'too-deep'
  | 'weak'
  | 'built-in'
  | 'iterator'
  | 'object-keyword';

export interface ParamShape {
  readonly name: string;
  readonly shape: TypeShape;
  readonly optional: boolean;
  readonly rest: boolean;
}

export interface SignatureShape {
  /** One per bound name, in the order of Target.params' names. */
  readonly bound: readonly ParamShape[];
  /** One per captured name of Target.captures. */
  readonly captures: readonly ParamShape[];
  /** What a caller has after `await`. */
  readonly result: TypeShape;
  /** Declared or inferred return is a promise (or thenable). */
  readonly returnsPromise: boolean;
  /** The return is a type predicate or assertion. */
  readonly predicate: boolean;
  /** Methods that the function calls on `this` and that class `by`, a subclass, replaces. Default: none. */
  readonly overridden?: readonly { readonly name: string; readonly by: string }[];
  readonly refs: readonly TypeShape[];
  /** Absolute paths of the files that declare a type reached from here, without the default library; sorted. */
  readonly files: readonly string[];
}

/** A place inside a shape, for people: `.owner.tags[]`, `<key>`, or '' for the root. */
export type ShapePath = string;
