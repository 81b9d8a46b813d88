// A call of `cacheOf` with a #private method, `cacheOf(this.#load)`, as syntax. Plain JSON.
import type { Range } from './marker.ts';

export interface PrivateHandle {
  /** The argument without parentheses and assertions around it: `this.#load`. */
  readonly range: Range;
  /** Where `this` of `this.#load` ends. */
  readonly objectEnd: number;
  /** `#load`. */
  readonly name: string;
  /** `Target.node` of the function that the name means. The function may be unmarked. */
  readonly fn: Range;
  /**
   * Set when the argument is not the method itself: "'f'" for `const f = this.#load`, "a bound copy". Default: it is
   * the method itself.
   */
  readonly via?: string;
}
