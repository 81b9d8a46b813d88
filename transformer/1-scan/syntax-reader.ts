// Port: the questions about syntax that need a parser. transformer/host implements it; stages never see an AST.
import type { OptionValue, Range, Target } from './marker.ts';
import type { PrivateHandle } from './private-handle.ts';

export type TargetAnswer =
  | { readonly ok: true; readonly target: Target }
  /**
   * `what` describes the declaration: "const of type Settings", "class", "overload signature", "2 variables"; of a
   * `cached()` argument with its article: "the result of a call".
   */
  | {
      readonly ok: false;
      readonly reason: 'not-a-function' | 'no-body' | 'many-declarators' | 'static-block' | 'nothing';
      readonly what: string;
      readonly name: string;
      readonly range: Range;
      /** Of an overload signature: where the function with the body begins. Default: it is none. */
      readonly implementationAt?: number;
    };

export interface CachedCall {
  /** The callee, `cached` or `cached.production`. */
  readonly range: Range;
  /** Property after `cached.`. */
  readonly profile: string | undefined;
  readonly profileRange: Range;
  readonly target: TargetAnswer;
  /** Options literal as name → value; names in camelCase as written. `undefined`: no second argument. `dynamic`: not a literal. */
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
  /** Name the result is bound to (`const rate = cached(…)`, `{ rate: cached(…) }`, class field): qualified. */
  readonly boundName: string | undefined;
  readonly boundReach: string | undefined;
}

export interface ConfigureCall {
  /** The callee. */
  readonly range: Range;
  /** Where master keys stand as text. */
  readonly literalKeys: readonly Range[];
}

export interface SyntaxReader {
  readonly text: string;
  /** False for script files (no import or export): generated imports would change their meaning. */
  readonly isModule: boolean;
  /** Every comment of the file in order: block comments and line comments. */
  comments(): readonly { readonly range: Range; readonly kind: 'doc' | 'block' | 'line' }[];
  /** The declaration that the comment ending at `offset` stands before (decorators and other comments between are skipped). */
  targetAfter(offset: number): TargetAnswer;
  /** From the token after the comment ending at `offset` to the end of the declaration beginning there; empty when none does. */
  declarationAfter(offset: number): Range;
  /**
   * Calls of `cached` imported (also renamed, or through a namespace import) from "cachekit", in source order. A use of
   * `cached` that is no call (`const c = cached`) is there with a target that is not ok: the build cannot follow it.
   */
  cachedCalls(): readonly CachedCall[];
  /** Calls of `configure` imported from "cachekit", in source order. */
  configureCalls(): readonly ConfigureCall[];
  /** Calls of `cacheOf` imported from "cachekit" about a #private function of a class, in source order. */
  privateHandles(): readonly PrivateHandle[];
  /** Where the generated import goes: after a shebang and prologue directives. A statement can start there without a `;`. */
  headAt(): number;
  /** Every identifier text in the file: generated names avoid them. */
  hasIdentifier(name: string): boolean;
}
