// What is fuzzed: one reader of bytes that come from outside, with inputs it accepts and what has to hold for all others.
import type fc from 'fast-check';

/** `accepted`: read, and right. Nothing else is a third possibility. */
export type Verdict = 'refused' | 'accepted';

export interface FuzzTarget {
  readonly name: string;
  /** Inputs that are accepted: changed in every bit, cut everywhere, and mutated. */
  readonly seeds: readonly Buffer[];
  /** Inputs made by a grammar of their own rather than from seeds. */
  readonly made?: fc.Arbitrary<Buffer>;
  /** Anything it throws is a finding. */
  readonly check: (input: Buffer) => Verdict | Promise<Verdict>;
}

/** In the values of all seeds: no error may show it. */
export const CANARY = 'canary-5f2c9e';

/** @throws always: what is wrong, and nothing of the input, which is printed apart. */
export function finding(what: string): never {
  throw new Error(what);
}
