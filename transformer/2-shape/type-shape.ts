// The types of a marked function, independent of any type checker. Plain JSON; its canonical text is hashed
// (hash-shape.ts).

import type { AssertedAnswer } from './asserted-answer.ts';
import type { Effect } from './effect.ts';
import type { ReturnedInstance } from './returned-instance.ts';

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
/** Built-in objects that are stored as text without loss, under the names TypeScript gives them. */
export type TextType =
  | 'URL'
  | 'RegExp'
  | 'Temporal.Instant'
  | 'Temporal.ZonedDateTime'
  | 'Temporal.PlainDate'
  | 'Temporal.PlainTime'
  | 'Temporal.PlainDateTime'
  | 'Temporal.PlainYearMonth'
  | 'Temporal.PlainMonthDay'
  | 'Temporal.Duration';
/**
 * How emitted code gets at a class or its ClassCodec: by a name in the file itself, or as an export of a module.
 * `foreign`: the export is a ClassCodec, which is unknown until its module has run.
 */
export type ClassReach =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'module'; readonly from: string; readonly name: string; readonly foreign?: true };
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
    /** `name`: alias or interface name, for messages only. `dataClass`: a class with public fields and no methods. */
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
    /** An index signature, with the properties declared beside it. Keys are strings at run time. */
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
    | { readonly kind: 'text'; readonly type: TextType }
    /** A class with a codec, whose data has the shape `wire`. `name` and `reach` do not count for the fingerprint. */
    | {
        readonly kind: 'class';
        readonly id: string;
        readonly name: string;
        readonly wire: TypeShape;
        /**
         * Undefined: emitted code cannot reach the class, so stored bytes cannot be decoded; `why` gives the reason.
         */
        readonly reach: ClassReach | undefined;
        readonly why?: string;
      }
    /**
     * At least two arms, none a plain union; `boolean` stays a primitive. Arms are in a fixed order (union-shape.ts).
     */
    | { readonly kind: 'union'; readonly arms: readonly TypeShape[] }
    /** A type that contains itself: index into SignatureShape.refs. */
    | { readonly kind: 'ref'; readonly id: number }
    /** `unknown` or `any` below the root: the value is checked at run time (CK2006). */
    | { readonly kind: 'any' }
    /** `why`: details, where `reason` alone does not explain the problem. */
    | {
        readonly kind: 'unsupported';
        readonly reason: UnsupportedReason;
        readonly typeText: string;
        readonly why?: string;
        /** A class with private or protected members. */
        readonly hidden?: true;
      }
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
  | 'object-keyword'
  | 'impossible';

export interface ParamShape {
  readonly name: string;
  readonly shape: TypeShape;
  readonly optional: boolean;
  readonly rest: boolean;
  /** Name of the type if its values never go into keys: a logger, a database client. */
  readonly injected?: string;
}

export interface SignatureShape {
  /** One per name that `Target.params` bind, in their order. */
  readonly bound: readonly ParamShape[];
  /** One per name in `Target.captures`. */
  readonly captures: readonly ParamShape[];
  /** The awaited result. */
  readonly result: TypeShape;
  /** The declared or inferred return type is a promise or another thenable. */
  readonly returnsPromise: boolean;
  /** The return type is a type predicate or an assertion signature. */
  readonly predicate: boolean;
  /** Methods that the function calls on `this` and that the subclass `by` overrides. Default: none. */
  readonly overridden?: readonly { readonly name: string; readonly by: string }[];
  /** Readonly fields of `this` that the function reads, by name without `this.`. Default: none. */
  readonly thisFields?: readonly ParamShape[];
  /** What `self=$this.id` leads to. Default: not asked. */
  readonly self?:
    | { readonly ok: true; readonly shape: TypeShape }
    | { readonly ok: false; readonly suggestion: string | undefined };
  /** Result of the key function. Default: there is no key function. */
  readonly keyResult?: { readonly shape: TypeShape; readonly promise: boolean };
  /** What the function reads besides its arguments and does besides returning, in source order. Default: nothing. */
  readonly effects?: readonly Effect[];
  /** Class instances it returns where plain data is declared. Default: none found. */
  readonly instances?: readonly ReturnedInstance[];
  /** Returned values whose real type an assertion hides. Default: none. */
  readonly asserted?: readonly AssertedAnswer[];
  /** The return type is `T | Promise<T>`. Default: false. */
  readonly mixed?: boolean;
  /** The return type, if it is a thenable but no Promise. Default: none. */
  readonly thenable?: string;
  /** Bodies of the recursive types; a shape of kind `ref` is an index into this list. */
  readonly refs: readonly TypeShape[];
  /** Absolute paths of the files that declare a type used here, without the default library; sorted. */
  readonly files: readonly string[];
}

/** A place inside a shape, for messages: `.owner.tags[]`, `<key>`, or '' for the root. */
export type ShapePath = string;
