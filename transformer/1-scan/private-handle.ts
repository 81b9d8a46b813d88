// A call of `cacheOf` about a #private method, as syntax: `cacheOf(this.#load)`. Plain JSON.
import type { Range } from './marker.ts';

export interface PrivateHandle {
  /** The argument without what is around it: `this.#load`. */
  readonly range: Range;
  /** Where `this` of `this.#load` ends. */
  readonly objectEnd: number;
  /** `#load`. */
  readonly name: string;
  /** `Target.node` of the function that the name means; it need not be marked. */
  readonly fn: Range;
  /** The argument is not the method itself: "'f'" of `const f = this.#load`, "a bound copy". Default: it is. */
  readonly via?: string;
}
