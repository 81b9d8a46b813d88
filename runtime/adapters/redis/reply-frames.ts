// Follows the frames of a stream of replies without reading them: notices when a server or proxy lost its place, from
// where on every answer would be taken for the answer to another command. The client library does not look.

const CR = 13;
const LF = 10;
const MINUS = 45;
const ZERO = 48;
/** `$`, and `!` and `=` of the third protocol: a length, then that many bytes. */
const SIZED: ReadonlySet<number> = new Set([36, 33, 61]);

type Expected = 'type' | 'line' | 'line-lf' | 'body' | 'body-cr' | 'body-lf';

export class ReplyFrames {
  #expected: Expected = 'type';
  #isSized = false;
  #isNegative = false;
  #sizeBytes = 0;

  /** False: this is not what Redis sends. Costs little: bodies are stepped over. */
  accept(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#expected === 'body') {
        const stepBytes = Math.min(this.#sizeBytes, chunk.length - at);
        at += stepBytes;
        this.#sizeBytes -= stepBytes;
        if (this.#sizeBytes === 0) this.#expected = 'body-cr';
      } else if (!this.#take(chunk[at++] as number)) return false; // at < length
    }
    return true;
  }

  #take(byte: number): boolean {
    switch (this.#expected) {
      case 'type':
        this.#isSized = SIZED.has(byte);
        this.#isNegative = false;
        this.#sizeBytes = 0;
        this.#expected = 'line';
        return true;
      case 'line':
        if (byte === CR) this.#expected = 'line-lf';
        else if (this.#isSized && byte === MINUS) this.#isNegative = true;
        else if (this.#isSized) {
          this.#sizeBytes = this.#sizeBytes * 10 + byte - ZERO;
          return byte >= ZERO && byte < ZERO + 10;
        }
        return true;
      case 'line-lf':
        if (!this.#isSized || this.#isNegative) this.#expected = 'type';
        else this.#expected = this.#sizeBytes === 0 ? 'body-cr' : 'body';
        return byte === LF;
      case 'body-cr':
        this.#expected = 'body-lf';
        return byte === CR;
      default:
        this.#expected = 'type';
        return byte === LF;
    }
  }
}
