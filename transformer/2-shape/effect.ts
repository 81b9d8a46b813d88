// What a function reads besides its arguments, and does besides answering. Plain JSON, found by the host.
import type { Range } from '../1-scan/marker.ts';

/**
 * - `clock`: time, chance, unique ids. `env`: environment of the process. `state`: a variable or object of a module that
 *   its functions change. `request`: the request that is being served.
 * - `write`: changes something of the outside. `output`: writes to a console, a stream, a file, or sends an event.
 * - `param`: reads the parameter `text`.
 * - `fallback`: answers with `text` after a failure. `freeze`: answers with what it froze.
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
  /** As people write it: `Date.now()`, `process.env.REGION`, `count`. */
  readonly text: string;
  /** In the marked function: the expression, or the call that leads to it. */
  readonly range: Range;
  /** The function that is called there and does it, and where: `line 12`, `tenant.ts:12`. Undefined: the function itself. */
  readonly via?: { readonly name: string; readonly place: string };
}
