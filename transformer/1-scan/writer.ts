// What `@cacheInvalidate` says about a function: which entries are out of date once it has succeeded. Plain JSON.
import type { Range, Target } from './marker.ts';

/** `id`, `$opts.page`, `$result.x`, `$this.id`: a value known when the writer runs. */
export interface ValuePath {
  readonly kind: 'path';
  /** What the first name means. `result`: what the writer gave, awaited. */
  readonly from: 'parameter' | 'result' | 'this';
  /** The parameter; else '$result' or '$this'. */
  readonly root: string;
  readonly steps: readonly string[];
  /** As written. */
  readonly text: string;
  readonly range: Range;
}

export interface LiteralArg {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null | undefined | { readonly bigint: string };
  readonly text: string;
  readonly range: Range;
}

export type InvalidationArg = ValuePath | LiteralArg;

/** One `@cacheInvalidate`. `text` is all of it after the tag. */
export type Invalidation = { readonly text: string; readonly range: Range } & (
  | {
      /** `args` undefined: `fn(*)`, all entries of the function. */
      readonly kind: 'call';
      /** `getReport`, `reports.load`, `this.load`: names in the scope of the writer. */
      readonly path: readonly string[];
      readonly pathRange: Range;
      readonly args: readonly InvalidationArg[] | undefined;
    }
  /** `template` begins at `templateStart`. */
  | { readonly kind: 'tag'; readonly template: string; readonly templateStart: number }
);

/** A function with at least one `@cacheInvalidate`. */
export interface Writer {
  readonly target: Target;
  readonly invalidations: readonly Invalidation[];
  /** The first tag: where diagnostics about the writer point. */
  readonly range: Range;
}
