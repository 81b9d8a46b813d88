// What stage 1 finds in a file: markers, their directives, and the functions they mean. Plain JSON.
import type { Writer } from './writer.ts';

/** Half-open range of UTF-16 offsets in the file's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One `key=value`, `key` or `!key` of a marker, or one property of a `cached()` options literal. */
export interface Option {
  /** As in a comment: kebab-case. */
  readonly name: string;
  /** `true` for a bare key, `false` for `!key`. */
  readonly value: OptionValue;
  readonly nameRange: Range;
  /** Quotes included. A bare key: the key. `!key`: with the `!`. */
  readonly valueRange: Range;
}

/**
 * `text` keeps what was written (unquoted). In `cached()` literals arrive typed; `code` is a function or expression that
 * stays run-time code (`text`: shortened, for people; `range`: where it stands); `dynamic` could not be evaluated.
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
   * As written after `@cache.`, `@cache ` or `cached.`, or as option `profile` (which is not in `options` then);
   * undefined when none is. Not yet checked.
   */
  readonly profile: string | undefined;
  /** Without a profile: the tag or the callee. */
  readonly profileRange: Range;
  readonly options: readonly Option[];
}

/**
 * What stage 1 could not accept; becomes a diagnostic. All but CK2014 are errors: their marker is not in the result.
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
  /** Values for the catalogue's message function, by name. */
  readonly args: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly fixes?: readonly ScanFix[];
}

/** Edits of the file's text that repair a problem. */
export interface ScanFix {
  /** Imperative. */
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
   * kind `call`: where the descriptor argument goes (the closing parenthesis), and how many arguments are written. The
   * target's `qualifiedName` and `reach` are then those of the variable or property that holds the result.
   */
  readonly call?: { readonly argsEnd: number; readonly argCount: number; readonly trailingComma: boolean };
}

/** `@cacheAllow CK2006 reason`: findings of that code about what follows are wanted. The reason is for readers. */
export interface Allow {
  /** `CK` and four digits; whether it exists and may be silenced is not yet checked. */
  readonly code: string;
  /** From the `@` to the end of the reason. */
  readonly range: Range;
  /** Where the first comment before the same declaration begins. */
  readonly from: number;
  /** `Target.node` of the function it stands before; undefined: it stands before something else. */
  readonly node: Range | undefined;
  /** From the token that follows to the end of the declaration that begins there; empty when none does. */
  readonly declaration: Range;
}

export interface ScanResult {
  /** In source order. */
  readonly markers: readonly Marker[];
  /** Companion tags, in source order. */
  readonly allows: readonly Allow[];
  /** Functions that invalidate, in source order. */
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
  /** Names the parameter binds, in order: one for `id`, several for a pattern. Never empty, except for `{}` and `[]`. */
  readonly names: readonly string[];
  readonly pattern: boolean;
  readonly rest: boolean;
  /** `= expression`; `literal` when evaluating it cannot throw or call. */
  readonly default: 'none' | 'literal' | 'expression';
  readonly range: Range;
}

/** A binding of an enclosing function or loop (variable, parameter, function, class) that the body or a default reads. */
export interface Capture {
  readonly name: string;
  /** Assigned after its declaration, or declared with let/var. */
  readonly reassigned: boolean;
  /** Its first read. */
  readonly range: Range;
}

/** One read of `this` or `super`. A call of a method of the same file that reads nothing of the object is none. */
export interface ThisRead {
  /** `x` of `this.x`; undefined: bare `this`; 'super' for every use of super. */
  readonly name: string | undefined;
  readonly range: Range;
  /**
   * A call that was followed: `super.load()`. `reads`: what the method reads; undefined: it is not in this file.
   * `fields`: the names of all it reads, where it reads nothing but fields by name.
   */
  readonly call?: {
    readonly text: string;
    readonly reads: string | undefined;
    readonly fields?: readonly string[];
  };
}

/** A function as syntax. `node` identifies it in any AST made of the same text. */
export interface Target {
  readonly form: TargetForm;
  /** Short name, for `<name>$body`: an identifier (`default` functions and computed members get a made-up one). */
  readonly name: string;
  /** `getUser`, `Svc.load`, `obj.m`, `N.f`, `make.inner`, `default`; ordinals never. Unnamed: undefined (CK1016). */
  readonly qualifiedName: string | undefined;
  /** Expression that reaches the function value from module scope: `getUser`, `Svc.prototype.load`, `Svc.load`, `obj.m`. */
  readonly reach: string | undefined;
  /** From the node's `pos` in TypeScript's sense (leading trivia included) to its `end`. */
  readonly node: Range;
  /** The name token, else the first token: where diagnostics about the function point. */
  readonly nameRange: Range;
  /** Return type annotation, else undefined. */
  readonly returnTypeRange: Range | undefined;
  readonly async: boolean;
  readonly generator: boolean;
  readonly asyncRange: Range | undefined;
  /** What must replace `async`: `;` where the class member above would swallow the rest (a computed name), else ''. */
  readonly asyncBy: '' | ';';
  /**
   * A decorator is told what the method is by its text alone (`emitDecoratorMetadata`): there is a decorator on it, or on
   * a parameter, and no return type is written. Default: false.
   */
  readonly toldByAsync?: boolean;
  readonly params: readonly ParamSyntax[];
  readonly body:
    | {
        /** `{ … }` or an arrow's expression. */
        readonly block: boolean;
        /** Block: inside the braces, `open` after any directives. Expression: its range, parentheses included. */
        readonly open: number;
        readonly close: number;
        readonly hasDirectives: boolean;
      }
    | undefined;
  /** `arguments`, what could read it unseen (a direct `eval`, a `with`), or `new.target`. */
  readonly usesArguments: boolean;
  /** The first of those. Default: none. */
  readonly bypass?: { readonly text: string; readonly range: Range };
  /** What the result can depend on besides arguments: reads of the object in the body and parameters, arrows included. */
  readonly thisReads: readonly ThisRead[];
  /** Methods called as `this.m()` that read nothing of the object: a subclass may have others. Default: none. */
  readonly thisCalls?: readonly { readonly name: string; readonly range: Range }[];
  readonly captures: readonly Capture[];
}
