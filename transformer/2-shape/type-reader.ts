// Port to the type checker: the questions stage 2 asks. Describing a type gives opaque handles of its child types.
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
  /** How it is declared; `private` covers private, protected and #private members. */
  readonly role: 'field' | 'method' | 'accessor' | 'private';
  /** A doc comment with `@pii` stands on the declaration. */
  readonly pii: boolean;
}

/**
 * `files`: where the type is declared, without the default library. `text`: the checker's own print of it, shortened.
 */
export type TypeFacts = {
  readonly files: readonly string[];
  readonly text: string;
  readonly sensitive?: Sensitivity;
  readonly brand?: string;
  /** Name of the type if its values never go into keys (a logger, a database client): from our list or the build's. */
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
  /**
   * A class with a codec. `id` is undefined unless written as a literal. `wire`: result of `encode`; `bytes`: a
   * Uint8Array.
   */
  | {
      readonly kind: 'class';
      readonly name: string;
      readonly id: string | undefined;
      readonly wire: TypeHandle | 'bytes';
      readonly reach: ClassReach | undefined;
      readonly why?: string;
    }
  /**
   * Interfaces, object literals, mapped and intersection types, all resolved. `class`: an instance of a class.
   * `callable`: it has call signatures. `symbolKeys`: how many properties are keyed by symbols.
   */
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
  /** The awaited result type; for an overloaded function one per overload. */
  readonly results: readonly TypeHandle[];
  readonly returnsPromise: boolean;
  readonly predicate: boolean;
  /** Methods of `Target.thisCalls` that the subclass `by` overrides. Default: none. */
  readonly overridden?: readonly { readonly name: string; readonly by: string }[];
  /** Fields of `this` that the function reads and that are set only once. Default: none. */
  readonly thisFields?: readonly { readonly name: string; readonly type: TypeHandle }[];
  /** What the path after `this` in `self=` leads to; undefined: not asked. */
  readonly self?:
    | { readonly ok: true; readonly type: TypeHandle }
    | { readonly ok: false; readonly suggestion: string | undefined };
  /** What the function reads besides its arguments and does besides returning. Default: nothing. */
  readonly effects?: readonly Effect[];
  /** Class instances it returns where plain data is declared. Default: none found. */
  readonly instances?: readonly ReturnedInstance[];
  /** Returned values whose real type an assertion hides. Default: none. */
  readonly asserted?: readonly AssertedAnswer[];
  /** True for a result of type `T | Promise<T>`. Default: false. */
  readonly mixed?: boolean;
  /** The return type, if it is a thenable but no Promise: `Lazy<User>`. Default: none. */
  readonly thenable?: string;
  /** Files that declare a type named in the signature, also through aliases; without the default library. */
  readonly files: readonly string[];
}

export interface TypeReader {
  /** `selfPath`: the names after `this` in `self=$this.id`. */
  signature(target: Target, selfPath?: readonly string[]): SignatureFacts;
  /** Result type of the function at `range`; undefined when no function stands there. */
  functionResult(range: Range): { readonly type: TypeHandle; readonly promise: boolean } | undefined;
  describe(type: TypeHandle): TypeFacts;
  /** Equal for the same type; used to find recursion. */
  identity(type: TypeHandle): string;
  /**
   * Input of the code fingerprint: the tokens, without trivia, of the body and of the functions and constants of the
   * same package that it reaches. Other packages are included by version.
   */
  codeTokens(target: Target): { readonly text: string; readonly files: readonly string[] };
  /** The same for an expression, such as the key function of `cached()`. */
  expressionTokens(range: Range): { readonly text: string; readonly files: readonly string[] };
}
