// How a program uses its cached functions: calls, writes to results, tags. Collected by the host.
import type { Allow, Range } from '../1-scan/marker.ts';
import type { SitePlace } from '../3-plan/writer-types.ts';

interface Found {
  readonly file: string;
  readonly range: Range;
}

/** A call of a cached function. */
export interface CallFact extends Found {
  readonly callee: SitePlace;
  /** False: the result of the call is discarded. */
  readonly isUsed: boolean;
}

/** A write into the result of a call of a cached function. */
export interface WriteFact extends Found {
  readonly callee: SitePlace;
  /** Source text of the write, shortened. */
  readonly text: string;
}

/** A use of the result of a cached function without `await`, although the result may be a promise. */
export interface UseAtOnceFact extends Found {
  readonly callee: SitePlace;
  /** Source text of the use, shortened. */
  readonly text: string;
}

/** An argument of `invalidateTags()`. `tag` is undefined when it is computed at run time. */
export interface TagFact extends Found {
  readonly tag: string | undefined;
}

/** A `@cacheAllow` in a file of the program. */
export interface AllowFact {
  readonly file: string;
  readonly allow: Allow;
  /** End of the line on which the code after the suppression begins. */
  readonly lineEnd: number;
}

export interface ProgramFacts {
  readonly calls: readonly CallFact[];
  readonly writes: readonly WriteFact[];
  readonly usesAtOnce: readonly UseAtOnceFact[];
  readonly tags: readonly TagFact[];
  readonly allows: readonly AllowFact[];
}

/** `file:end`, as a Map key. */
export function placeKey({ file, end }: SitePlace): string {
  return `${file}:${end}`;
}
