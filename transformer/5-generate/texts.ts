// The output of the compiler for one file: the texts to insert, and where. Every host inserts the same. Plain JSON.

/** What is put around the body of one function. */
export interface FnText {
  /** Range of the function node, which identifies it in any AST of the same text. */
  readonly fnPos: number;
  readonly fnEnd: number;
  /** Range of the `async` keyword to remove; -1 when there is none or it stays. */
  readonly asyncStart: number;
  readonly asyncEnd: number;
  /** What replaces `async`. `;` before a computed class member, which would else continue the line above. */
  readonly asyncBy: '' | ';';
  /** True for a body `{ … }`, false for an arrow with an expression body. */
  readonly block: boolean;
  /** Where the prefix goes (after directives), and the suffix (before the last brace). */
  readonly open: number;
  readonly close: number;
  /** prefix + user's body + suffix is the new body. Both are one line without types. */
  readonly prefix: string;
  readonly suffix: string;
  /** Names in prefix and suffix that are declared outside the function. Default: none. */
  readonly outer?: readonly string[];
}

/** A `cached(fn, …)` call: text inserted before its closing parenthesis. */
export interface CallText {
  readonly at: number;
  readonly callPos: number;
  readonly callEnd: number;
  readonly text: string;
}

/**
 * `cacheOf(x.#m)` becomes `cacheOf(own(site, x, (o) => o.#m))`: texts before `x`, after `x`, and after the argument.
 */
export interface HandleText {
  /** Range of the argument, which identifies it in any AST of the same text. */
  readonly start: number;
  readonly end: number;
  readonly objectEnd: number;
  readonly prefix: string;
  readonly middle: string;
  readonly suffix: string;
}

/** What one marked function or writer adds to its file. */
export interface SiteText {
  /** A marked function; a `cached()` call has `call` instead. */
  readonly fn: FnText | undefined;
  readonly call: CallText | undefined;
  /** `$ck0 = …`, its part of the head; undefined for a call and for a writer. */
  readonly slot: string | undefined;
  /** Its line of the tail; '' for a writer. */
  readonly tail: string;
  /** Calls of `cacheOf` with this function, if it is #private. Default: none. */
  readonly handles?: readonly HandleText[];
}

/** Everything to insert into one file. */
export interface FileTexts {
  /** Offset where the head goes. */
  readonly headAt: number;
  /** ES module form; the AST emitter and the Node hook choose the CommonJS form `headCjs`. */
  readonly head: string;
  readonly headCjs: string;
  readonly fns: readonly FnText[];
  readonly calls: readonly CallText[];
  /** Default: none. */
  readonly handles?: readonly HandleText[];
  /** Appended after the last line. */
  readonly tail: string;
  /** The line after the tail, as ES module and as CommonJS: imports of class codecs. Default: none. */
  readonly imports?: string;
  readonly importsCjs?: string;
}
