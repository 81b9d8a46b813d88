// The output of stage 1: markers, their directives, and the functions they mark. Plain JSON.
import type { Writer } from './writer.ts';

/** Half-open range of UTF-16 offsets in the file's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One `key=value`, `key` or `!key` of a marker, or one property of a `cached()` options literal. */
export interface Option {
  /** In kebab-case, also when a `cached()` literal spelled it in camelCase. */
  readonly name: string;
  /** `true` for a bare key, `false` for `!key`. */
  readonly value: OptionValue;
  readonly nameRange: Range;
  /** Includes quotes. For a bare key the range of the key; for `!key` it includes the `!`. */
  readonly valueRange: Range;
}

/**
 * Comments give `text` (as written, without quotes), `flag` and `list`. Options of `cached()` keep the types of their
 * literals. `code` is a function or expression that only runs at run time: `text` is a shortened form for messages,
 * `range` where it stands. `dynamic` is an expression the build cannot evaluate.
 */
export type OptionValue =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'flag'; readonly on: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string; readonly range: Range }
  | { readonly kind: 'dynamic'; readonly text: string };

export interface Directive {
  /**
   * The name written after `@cache.`, `@cache ` or `cached.`, or as the option `profile` (then not repeated in
   * `options`). Undefined: none is written. Whether the profile exists is checked in stage 3.
   */
  readonly profile: string | undefined;
  /** Where the profile is written; without one, the range of the tag or the callee. */
  readonly profileRange: Range;
  readonly options: readonly Option[];
}

/**
 * Something stage 1 cannot accept; it becomes a diagnostic. Except for CK2014 (a warning), the marker is dropped.
 * `args`, always strings:
 * - CK1003 `option` (`@cache` for the tag itself), `expected` (a noun phrase), `got`; `example`
 * - CK1004 `option`, `first`, `second`: the two values as written
 * - CK1006 `name`, `what` without an article: "const of type Settings", "class"
 * - CK1007 `name`, `what` without an article: "overload signature"
 * - CK1008 `what`: "2 variables"
 * - CK1009 `name`; `writer`: the name again, where the other mark is `@cacheInvalidate`
 * - CK1014 `tag`, `why`: "'settings' is a const"
 * - CK1015 `what`: "a call", "nothing", "the imported 'load'"
 * - CK1016 none
 * - CK1018 `option` ('options' when the whole object is meant), `what`: "the computed 'ttl()'"
 * - CK1115 `what`: "static block"
 * - CK2014 `tag`: "@cache"; `why`: "it stands in a line comment"
 */
export interface ScanProblem {
  readonly code:
    | 'CK1003'
    | 'CK1004'
    | 'CK1006'
    | 'CK1007'
    | 'CK1008'
    | 'CK1009'
    | 'CK1014'
    | 'CK1015'
    | 'CK1016'
    | 'CK1018'
    | 'CK1115'
    | 'CK2014';
  readonly range: Range;
  /** Values for the message in the catalogue, by name. */
  readonly args: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly fixes?: readonly ScanFix[];
}

/** Edits of the file's text that repair a problem. */
export interface ScanFix {
  /** In the imperative: "Remove it". */
  readonly title: string;
  readonly edits: readonly (Range & { readonly text: string })[];
}

export interface Marker {
  readonly kind: 'comment' | 'call';
  readonly directive: Directive;
  readonly target: Target;
  /** The `@cache…` text or the `cached` callee: where diagnostics about the marker point. */
  readonly range: Range;
  /**
   * Only for kind `call`. `argsEnd` is the offset of the closing parenthesis, where the descriptor argument goes;
   * `argCount` is how many arguments the user wrote. The target's `qualifiedName` and `reach` are then those of the
   * variable or property that holds the result of `cached()`.
   */
  readonly call?: { readonly argsEnd: number; readonly argCount: number; readonly trailingComma: boolean };
}

/**
 * `@cacheAllow CK2006 reason`: silences that code for the declaration that follows. The reason is for human readers.
 */
export interface Allow {
  /** `CK` and four digits. Stage 4 checks that the code exists and may be silenced. */
  readonly code: string;
  /** From the `@` to the end of the reason. */
  readonly range: Range;
  /** Start of the first of our comments before the same declaration: findings about those comments are silenced too. */
  readonly from: number;
  /** `Target.node` of the function that follows; undefined when no function follows. */
  readonly node: Range | undefined;
  /** The declaration that follows, from its first token to its end; empty when no declaration follows. */
  readonly declaration: Range;
}

export interface ScanResult {
  /** In source order. */
  readonly markers: readonly Marker[];
  /** Markers with an error, as far as they could be read. Their functions stay as written, but are meant to be cached. */
  readonly refused: readonly Marker[];
  /** `@cacheAllow` tags, in source order. */
  readonly allows: readonly Allow[];
  /** Functions with `@cacheInvalidate`, in source order. */
  readonly writers: readonly Writer[];
  readonly problems: readonly ScanProblem[];
}

export type TargetForm =
  | 'function'
  | 'function-expression'
  | 'arrow'
  | 'method'
  | 'static-method'
  | 'object-method'
  | 'field-arrow'
  | 'getter'
  | 'setter'
  | 'constructor';

export interface ParamSyntax {
  /** Names the parameter binds, in order: one for `id`, several for a pattern, none only for `{}` and `[]`. */
  readonly names: readonly string[];
  readonly pattern: boolean;
  readonly rest: boolean;
  /** The default value; `literal` when evaluating it can neither throw nor call anything. */
  readonly default: 'none' | 'literal' | 'expression';
  readonly range: Range;
}

/**
 * A binding of an enclosing function or loop (variable, parameter, function, class) that the body or a default reads.
 */
export interface Capture {
  readonly name: string;
  /** True when it is assigned after its declaration, or declared with let or var. */
  readonly reassigned: boolean;
  /** Its first read. */
  readonly range: Range;
}

/** One read of `this` or `super`. Calling a method of the same file that reads nothing of the object does not count. */
export interface ThisRead {
  /** `x` for `this.x`, 'super' for any use of super, undefined for bare `this`. */
  readonly name: string | undefined;
  readonly range: Range;
  /**
   * Set when the read is a method call, such as `super.load()`. `reads` says what the method reads, undefined when the
   * method is not in this file. `fields` lists everything it reads, if it reads only fields by name.
   */
  readonly call?: {
    readonly text: string;
    readonly reads: string | undefined;
    readonly fields?: readonly string[];
  };
}

/** A function as syntax. `node` identifies it in any AST made from the same text. */
export interface Target {
  readonly form: TargetForm;
  /**
   * Short name, used in `<name>$body`. Always an identifier: `default` functions and computed members get one made up.
   */
  readonly name: string;
  /**
   * `getUser`, `Svc.load`, `obj.m`, `N.f`, `make.inner`, `default`. Never contains a running number. Undefined for a
   * function without a name (CK1016).
   */
  readonly qualifiedName: string | undefined;
  /**
   * Expression that gives the function value in module scope: `getUser`, `Svc.prototype.load`, `Svc.load`, `obj.m`.
   * Undefined: there is none.
   */
  readonly reach: string | undefined;
  /** From TypeScript's `node.pos` (leading trivia included) to `node.end`. */
  readonly node: Range;
  /** The name token, else the first token. Diagnostics about the function point here. */
  readonly nameRange: Range;
  /** The return type annotation; undefined when none is written. */
  readonly returnTypeRange: Range | undefined;
  readonly async: boolean;
  readonly generator: boolean;
  readonly asyncRange: Range | undefined;
  /**
   * What replaces the keyword `async` when it is removed. `;` where a computed name would otherwise continue the class
   * member above, else ''.
   */
  readonly asyncBy: '' | ';';
  /**
   * True when removing `async` would change what `emitDecoratorMetadata` tells a decorator: the method or one of its
   * parameters is decorated, and no return type is written. Default: false.
   */
  readonly toldByAsync?: boolean;
  readonly params: readonly ParamSyntax[];
  readonly body:
    | {
        /** True for `{ … }`, false for an arrow with an expression body. */
        readonly block: boolean;
        /**
         * Offsets of a block's inside, `open` after any directive prologue; of an expression, its range with
         * parentheses.
         */
        readonly open: number;
        readonly close: number;
        readonly hasDirectives: boolean;
      }
    | undefined;
  /** Uses `arguments`, `new.target`, or something that could read them unseen (a direct `eval`, `with`). */
  readonly usesArguments: boolean;
  /** The first such use. Default: none. */
  readonly bypass?: { readonly text: string; readonly range: Range };
  /** Reads of `this` and `super` in the body and the parameters, nested arrow functions included. */
  readonly thisReads: readonly ThisRead[];
  /** Methods called as `this.m()` that read nothing of the object. A subclass may override them. Default: none. */
  readonly thisCalls?: readonly { readonly name: string; readonly range: Range }[];
  readonly captures: readonly Capture[];
}
