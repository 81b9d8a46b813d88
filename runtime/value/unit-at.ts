// The UTF-16 unit at a place in a text, in loops over its characters.

/**
 * `text.charCodeAt(index)`. The method itself takes six times as long in a process in which some class extends `String`: V8
 * then no longer takes it for granted. The Redis client has such a class; a bound call is fast with and without it.
 */
// oxlint-disable-next-line typescript/unbound-method -- bound to each text
export const unitAt = Function.prototype.call.bind(String.prototype.charCodeAt) as (
  text: string,
  index: number,
) => number; // `bind` forgets which function is called
