// Follows the frames (RESP2 and RESP3) of a stream of replies without decoding them. It notices when a server or proxy
// gets out of step, or sends a reply too many, after which each reply would be taken for that to another command.
// ioredis does not check this.

const CR = 13;
const LF = 10;
const MINUS = 45;
const ZERO = 48;
/** `$`, and `!` and `=` of RESP3: a length, then as many bytes. */
const SIZED: ReadonlySet<number> = new Set([36, 33, 61]);
/** `*`, `~`, `>`, `%`, `|`: a number, then as many parts, or twice as many. */
const PARTS: ReadonlyMap<number, number> = new Map([
  [42, 1],
  [126, 1],
  [62, 1],
  [37, 2],
  [124, 2],
]);
/** One line each: `+ - : _ # , (`. */
const LINES: ReadonlySet<number> = new Set([43, MINUS, 58, 95, 35, 44, 40]);
/** A push (`>`) answers no command. An attribute (`|`) comes before the reply it is about, and is not a part itself. */
const [PUSH, ATTRIBUTE] = [62, 124];

type Expected = 'type' | 'line' | 'line-lf' | 'body' | 'body-cr' | 'body-lf';

/** The state of one stream. A stream that was not accepted once must not be read further. */
export class ReplyFrames {
  #expected: Expected = 'type';
  #isSized = false;
  #isNegative = false;
  /** Bytes of the body, or number of parts. */
  #size = 0;
  #type = 0;
  /** Parts of the current reply that have not arrived. */
  #missing = 0;
  #isPush = false;
  /** Replies that ended in this chunk, and how many may. */
  #replies = 0;
  #owed = Number.POSITIVE_INFINITY;

  /** False: the chunk is no RESP, or completes more than the `owed` replies (default: any number). Skips bodies. */
  accept(chunk: Uint8Array, owed = Number.POSITIVE_INFINITY): boolean {
    this.#replies = 0;
    this.#owed = owed;
    let at = 0;
    while (at < chunk.length) {
      if (this.#expected === 'body') {
        const stepBytes = Math.min(this.#size, chunk.length - at);
        at += stepBytes;
        this.#size -= stepBytes;
        if (this.#size === 0) this.#expected = 'body-cr';
      } else if (!this.#take(chunk[at++] as number)) return false; // at < length
    }
    return true;
  }

  #take(byte: number): boolean {
    switch (this.#expected) {
      case 'type':
        return this.#begin(byte);
      case 'line':
        if (byte === CR) this.#expected = 'line-lf';
        else if (this.#isSized && byte === MINUS) this.#isNegative = true;
        else if (this.#isSized) {
          this.#size = this.#size * 10 + byte - ZERO;
          return byte >= ZERO && byte < ZERO + 10;
        }
        return true;
      case 'line-lf':
        return byte === LF && this.#endLine();
      case 'body-cr':
        this.#expected = 'body-lf';
        return byte === CR;
      default:
        return byte === LF && this.#endPart(0);
    }
  }

  #begin(type: number): boolean {
    this.#type = type;
    this.#isSized = SIZED.has(type) || PARTS.has(type);
    if (!this.#isSized && !LINES.has(type)) return false;
    this.#isNegative = false;
    this.#size = 0;
    this.#expected = 'line';
    if (this.#missing > 0) return true;
    this.#missing = 1;
    this.#isPush = type === PUSH;
    return true;
  }

  #endLine(): boolean {
    const parts = PARTS.get(this.#type);
    if (parts !== undefined) return this.#endPart(this.#isNegative ? 0 : this.#size * parts);
    if (!this.#isSized || this.#isNegative) return this.#endPart(0);
    this.#expected = this.#size === 0 ? 'body-cr' : 'body';
    return true;
  }

  /** A part has ended; `more` parts are inside it. False: the whole reply has ended and no command waits for it. */
  #endPart(more: number): boolean {
    this.#expected = 'type';
    this.#missing += more - (this.#type === ATTRIBUTE ? 0 : 1);
    if (this.#missing > 0 || this.#isPush) return true;
    return ++this.#replies <= this.#owed;
  }
}
