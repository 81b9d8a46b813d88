// Port to the parser: the questions the stages ask about syntax. transformer/host implements it; stages never see an
// AST.
import type { OptionValue, Range, Target } from './marker.ts';
import type { PrivateHandle } from './private-handle.ts';

export type TargetAnswer =
  | { readonly ok: true; readonly target: Target }
  /**
   * `what` describes what was found instead of a function: "const of type Settings", "class", "overload signature",
   * "2 variables"; for an argument of `cached()` with an article: "the result of a call".
   */
  | {
      readonly ok: false;
      readonly reason: 'not-a-function' | 'no-body' | 'many-declarators' | 'static-block' | 'nothing';
      readonly what: string;
      readonly name: string;
      readonly range: Range;
      /** For an overload signature: the offset where its implementation begins. Default: this is no overload. */
      readonly implementationAt?: number;
    };

export interface CachedCall {
  /** The callee, `cached` or `cached.production`. */
  readonly range: Range;
  /** The property after `cached.`; undefined for plain `cached`. */
  readonly profile: string | undefined;
  readonly profileRange: Range;
  readonly target: TargetAnswer;
  /**
   * Properties of the options literal, names as written (camelCase). Undefined: no second argument. `dynamic`: not a
   * literal.
   */
  readonly options:
    | readonly {
        readonly name: string;
        readonly value: OptionValue;
        readonly nameRange: Range;
        readonly valueRange: Range;
      }[]
    | 'dynamic'
    | undefined;
  readonly optionsRange: Range | undefined;
  readonly argsEnd: number;
  readonly argCount: number;
  readonly trailingComma: boolean;
  /** Qualified name the result is bound to: of `const rate = cached(…)`, `{ rate: cached(…) }` or a class field. */
  readonly boundName: string | undefined;
  /** Expression that gives the result in module scope. */
  readonly boundReach: string | undefined;
}

export interface ConfigureCall {
  /** The callee. */
  readonly range: Range;
  /** Master keys written as string literals. */
  readonly literalKeys: readonly Range[];
}

export interface SyntaxReader {
  readonly text: string;
  /** False for a script (no import or export), which a generated import would turn into a module. */
  readonly isModule: boolean;
  /** Every comment of the file in order: block comments and line comments. */
  comments(): readonly { readonly range: Range; readonly kind: 'doc' | 'block' | 'line' }[];
  /**
   * The function declared after the comment that ends at `offset`; decorators and other comments between are skipped.
   */
  targetAfter(offset: number): TargetAnswer;
  /**
   * The declaration after the comment that ends at `offset`, from its first token to its end; empty when none follows.
   */
  declarationAfter(offset: number): Range;
  /**
   * Calls of `cached` imported from "cachekit" (also renamed, or through a namespace import), in source order. Any
   * other use of `cached` (`const c = cached`) is included with a target that is not ok, as the build cannot follow it.
   */
  cachedCalls(): readonly CachedCall[];
  /** Calls of `configure` imported from "cachekit", in source order. */
  configureCalls(): readonly ConfigureCall[];
  /** Calls of `cacheOf` imported from "cachekit" with a #private method as argument, in source order. */
  privateHandles(): readonly PrivateHandle[];
  /**
   * Where the generated import goes: after a shebang and directive prologue. A statement may start there without a `;`.
   */
  headAt(): number;
  /** True when the file uses `name` as an identifier anywhere; generated names avoid these. */
  hasIdentifier(name: string): boolean;
}
