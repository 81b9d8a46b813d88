// What a function reads besides its arguments, and does besides returning a result. Plain JSON, found by the host.
import type { Range } from '../1-scan/marker.ts';

/**
 * - `clock`: reads time, randomness or unique ids. `env`: reads the process environment. `state`: reads a module
 *   variable
 *   or object that functions of the module change. `request`: reads the request being served.
 * - `write`: changes something outside the function. `output`: writes to a console, a stream or a file, or sends an
 *   event.
 * - `param`: reads the parameter `text`.
 * - `fallback`: returns `text` after a failure. `freeze`: returns a value it froze.
 */
export type EffectKind =
  | 'clock'
  | 'env'
  | 'state'
  | 'request'
  | 'write'
  | 'output'
  | 'param'
  | 'fallback'
  | 'freeze';

export interface Effect {
  readonly kind: EffectKind;
  /** As written in source: `Date.now()`, `process.env.REGION`, `count`. */
  readonly text: string;
  /** In the marked function: the expression itself, or the call that leads to it. */
  readonly range: Range;
  /**
   * The called function that has the effect, and where: `line 12`, `tenant.ts:12`. Undefined: the marked function
   * itself.
   */
  readonly via?: { readonly name: string; readonly place: string };
}
