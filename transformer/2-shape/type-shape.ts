// The types of a marked function, free of any type checker. Plain JSON; its canonical text is hashed (hash-shape.ts).

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
/** Built-in objects that a text says completely, as TypeScript names them. */
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
/** How emitted code gets at a class or its ClassCodec: a name of the file itself, or an export of a module. `foreign`: a
 * ClassCodec, which is unknown until its module has run. */
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
    | { readonly kind: 'text'; readonly type: TextType }
    /** A class with a codec, whose data has the shape `wire`. `name` and `reach` do not count for the fingerprint. */
    | {
        readonly kind: 'class';
        readonly id: string;
        readonly name: string;
        readonly wire: TypeShape;
        /** Undefined: emitted code cannot get at it, so no value can be made of stored bytes; `why` then says why. */
        readonly reach: ClassReach | undefined;
        readonly why?: string;
      }
    /** At least two arms, none a union; `boolean` stays a primitive. Order: canonical (hash-shape.ts). */
    | { readonly kind: 'union'; readonly arms: readonly TypeShape[] }
    /** Recursion: index into SignatureShape.refs. Only types that contain themselves become refs. */
    | { readonly kind: 'ref'; readonly id: number }
    /** `unknown`/`any` below the root: checked at run time (CK2006). */
    | { readonly kind: 'any' }
    /** `why`: what is the matter with this one, where the reason alone does not say it. */
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
  /** Name of a type whose values are never in a key: a logger, a database client. */
  readonly injected?: string;
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
  /** Readonly fields of `this` that the function reads, by name without `this.`. Default: none. */
  readonly thisFields?: readonly ParamShape[];
  /** What `self=$this.id` reaches. Default: not asked. */
  readonly self?:
    | { readonly ok: true; readonly shape: TypeShape }
    | { readonly ok: false; readonly suggestion: string | undefined };
  /** What a key function gives. Default: there is none. */
  readonly keyResult?: { readonly shape: TypeShape; readonly promise: boolean };
  /** What the function reads and does besides answering, in source order. Default: nothing. */
  readonly effects?: readonly Effect[];
  /** Instances that the function answers with where plain data is declared. Default: none is seen. */
  readonly instances?: readonly ReturnedInstance[];
  /** What it answers with that an assertion takes out of all checks. Default: nothing. */
  readonly asserted?: readonly AssertedAnswer[];
  /** The return type is `T | Promise<T>`. Default false. */
  readonly mixed?: boolean;
  /** The return type, where it is a thenable that is no Promise. Default: none. */
  readonly thenable?: string;
  readonly refs: readonly TypeShape[];
  /** Absolute paths of the files that declare a type reached from here, without the default library; sorted. */
  readonly files: readonly string[];
}

/** A place inside a shape, for people: `.owner.tags[]`, `<key>`, or '' for the root. */
export type ShapePath = string;
