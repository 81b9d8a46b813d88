// The one value every host needs: where each function is, and the text to put there. Made once per file, plain JSON.

export interface FnText {
  /** The function node: identifies it in any AST of the same text. */
  readonly fnPos: number;
  readonly fnEnd: number;
  /** The `async` keyword, -1 when it stays or is not there. */
  readonly asyncStart: number;
  readonly asyncEnd: number;
  /** `;` before a computed class member, else automatic semicolon insertion glues it to the line above. */
  readonly asyncBy: '' | ';';
  /** `{ body }`, or an arrow's expression. */
  readonly block: boolean;
  /** Where prefix and suffix go: after directives; before the last brace. */
  readonly open: number;
  readonly close: number;
  /** prefix + user body + suffix is the new body: one line, no types. */
  readonly prefix: string;
  readonly suffix: string;
  /** Names in the two that the surroundings of the function declare. Default: none. */
  readonly outer?: readonly string[];
}

/** A `cached(fn, …)` call: text inserted before its closing parenthesis. */
export interface CallText {
  readonly at: number;
  readonly callPos: number;
  readonly callEnd: number;
  readonly text: string;
}

/** `cacheOf(x.#m)`: text around `x`, and behind it all, in one line: `own(site, x, (o) => o.#m)`. */
export interface HandleText {
  /** The argument: identifies it in any AST of the same text. */
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
  /** `$ck0 = …`, a part of the head; undefined for a call and for a writer. */
  readonly slot: string | undefined;
  /** Its line of the tail; '' for a writer. */
  readonly tail: string;
  /** Of a #private function. Default: none. */
  readonly handles?: readonly HandleText[];
}

export interface FileTexts {
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
  /** The line after that, as ES module and as CommonJS: modules of class codecs. Default: none. */
  readonly imports?: string;
  readonly importsCjs?: string;
}
