// Port: what a type checker must answer. One question per type, answered with child handles; a handle is opaque.
import type { Range, Target } from '../1-scan/marker.ts';
import type { AssertedAnswer } from './asserted-answer.ts';
import type { Effect } from './effect.ts';
import type { ReturnedInstance } from './returned-instance.ts';
import type { BytesType, ClassReach, PrimitiveName, Sensitivity } from './type-shape.ts';

export type TypeHandle = object;

export interface MemberFacts {
  readonly name: string;
  readonly optional: boolean;
  readonly readonly: boolean;
  readonly type: TypeHandle;
  /** Declared as a method, accessor, or private/protected/#private member. */
  readonly role: 'field' | 'method' | 'accessor' | 'private';
  /** A doc comment with `@pii` stands on the declaration. */
  readonly pii: boolean;
}

/** `files`: where the type is declared (not the default library). `text`: the checker's own print, shortened. */
export type TypeFacts = {
  readonly files: readonly string[];
  readonly text: string;
  readonly sensitive?: Sensitivity;
  readonly brand?: string;
  /** Name of a type that the build (or we) keep out of keys: a logger, a database client. */
  readonly injected?: string;
} & (
  | { readonly kind: 'primitive'; readonly name: PrimitiveName }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | { readonly bigint: string } }
  | { readonly kind: 'union'; readonly arms: readonly TypeHandle[] }
  | { readonly kind: 'array'; readonly element: TypeHandle; readonly readonly: boolean }
  | {
      readonly kind: 'tuple';
      readonly elements: readonly {
        readonly type: TypeHandle;
        readonly optional: boolean;
        readonly rest: boolean;
      }[];
      readonly readonly: boolean;
    }
  /** A built-in by declaration origin (default library or Node's types), never by name alone. */
  | { readonly kind: 'built-in'; readonly name: string; readonly typeArguments: readonly TypeHandle[] }
  | { readonly kind: 'bytes'; readonly type: BytesType }
  /** A class with a codec. `id` undefined: it is not written as a literal. `wire`: what `encode` gives; `bytes`: a Uint8Array. */
  | {
      readonly kind: 'class';
      readonly name: string;
      readonly id: string | undefined;
      readonly wire: TypeHandle | 'bytes';
      readonly reach: ClassReach | undefined;
      readonly why?: string;
    }
  /** Interfaces, literals, mapped and intersection types, resolved; `class` for class instances; `callable` when it has signatures. */
  | {
      readonly kind: 'object';
      readonly name: string | undefined;
      readonly class: boolean;
      readonly callable: boolean;
      readonly members: readonly MemberFacts[];
      readonly symbolKeys: number;
      readonly index: TypeHandle | undefined;
      /** The index signature is readonly; default false. */
      readonly indexReadonly?: boolean;
    }
  | {
      readonly kind: 'keyword';
      readonly name:
        | 'any'
        | 'unknown'
        | 'never'
        | 'void'
        | 'object'
        | 'symbol'
        | 'error'
        | 'this'
        | 'impossible';
    }
  | { readonly kind: 'type-parameter'; readonly name: string; readonly constraint: TypeHandle | undefined }
  | { readonly kind: 'deferred' }
);

export interface SignatureFacts {
  readonly bound: readonly {
    readonly name: string;
    readonly type: TypeHandle;
    readonly optional: boolean;
    readonly rest: boolean;
  }[];
  readonly captures: readonly { readonly name: string; readonly type: TypeHandle }[];
  /** Awaited. For an overloaded function: one per overload. */
  readonly results: readonly TypeHandle[];
  readonly returnsPromise: boolean;
  readonly predicate: boolean;
  /** Methods of `Target.thisCalls` for which class `by` has its own. Default: none. */
  readonly overridden?: readonly { readonly name: string; readonly by: string }[];
  /** Fields of `this` that the function reads and that are set once. Default: none. */
  readonly thisFields?: readonly { readonly name: string; readonly type: TypeHandle }[];
  /** What the path after `this` in `self=` reaches; undefined: not asked. */
  readonly self?:
    | { readonly ok: true; readonly type: TypeHandle }
    | { readonly ok: false; readonly suggestion: string | undefined };
  /** What the function reads and does besides answering. Default: nothing. */
  readonly effects?: readonly Effect[];
  /** What the function answers with that is no plain data, where plain data is declared. Default: nothing is seen. */
  readonly instances?: readonly ReturnedInstance[];
  /** What the function answers with that an assertion takes out of all checks. Default: nothing. */
  readonly asserted?: readonly AssertedAnswer[];
  /** Of `T | Promise<T>`; default false. */
  readonly mixed?: boolean;
  /** The type of an awaited value that is no promise of the platform: `Lazy<User>`. Default: none. */
  readonly thenable?: string;
  /** Files that declare a type the signature names, also through aliases; without the default library. */
  readonly files: readonly string[];
}

export interface TypeReader {
  /** `selfPath`: names after `this`, of `self=$this.id`. */
  signature(target: Target, selfPath?: readonly string[]): SignatureFacts;
  /** What the function at `range` gives; undefined: it is no function. */
  functionResult(range: Range): { readonly type: TypeHandle; readonly promise: boolean } | undefined;
  describe(type: TypeHandle): TypeFacts;
  /** The same type gives the same string; used to find recursion. */
  identity(type: TypeHandle): string;
  /** Token text of the body and of same-package functions and constants it reaches, trivia dropped; third-party by version. */
  codeTokens(target: Target): { readonly text: string; readonly files: readonly string[] };
  /** The same of an expression, such as the key function of `cached()`. */
  expressionTokens(range: Range): { readonly text: string; readonly files: readonly string[] };
}
