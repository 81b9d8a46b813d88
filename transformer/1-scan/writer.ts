// What `@cacheInvalidate` says about a function: which entries to invalidate once it has succeeded. Plain JSON.
import type { Range, Target } from './marker.ts';

/** `id`, `$opts.page`, `$result.x`, `$this.id`: a value known when the writer runs. */
export interface ValuePath {
  readonly kind: 'path';
  /** What the first name means. `result` is the awaited result of the writer. */
  readonly from: 'parameter' | 'result' | 'this';
  /** Name of the parameter, or '$result' or '$this'. */
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

/** One `@cacheInvalidate`; `text` is everything after the tag. */
export type Invalidation = { readonly text: string; readonly range: Range } & (
  | {
      /** `fn(args)`. With `args` undefined it is `fn(*)`: all entries of the function. */
      readonly kind: 'call';
      /** `getReport`, `reports.load`, `this.load`, resolved in the scope of the writer. */
      readonly path: readonly string[];
      readonly pathRange: Range;
      readonly args: readonly InvalidationArg[] | undefined;
    }
  /** `tag:template`. `templateStart` is the offset of the template in the file. */
  | { readonly kind: 'tag'; readonly template: string; readonly templateStart: number }
);

/** A function with at least one `@cacheInvalidate`. */
export interface Writer {
  readonly target: Target;
  readonly invalidations: readonly Invalidation[];
  /** The first tag. Diagnostics about the writer point here. */
  readonly range: Range;
}
