// A fast `charCodeAt` for loops over characters.

/**
 * `text.charCodeAt(index)`. The method itself becomes six times slower when any class in the process extends `String`,
 * as one in ioredis does, because V8 then drops an optimisation. A bound call stays fast.
 */
// oxlint-disable-next-line typescript/unbound-method -- bound to each text
export const unitAt = Function.prototype.call.bind(String.prototype.charCodeAt) as (
  text: string,
  index: number,
) => number; // the type of `bind` loses the parameters
