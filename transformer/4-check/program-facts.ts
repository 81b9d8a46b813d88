// What a program says about its cached functions outside of them: calls, writes to results, tags. The host collects it.
import type { Allow, Range } from '../1-scan/marker.ts';
import type { SitePlace } from '../3-plan/writer-types.ts';

interface Found {
  readonly file: string;
  readonly range: Range;
}

/** A call of a cached function. */
export interface CallFact extends Found {
  readonly callee: SitePlace;
  /** False: nothing reads what the call gives. */
  readonly isUsed: boolean;
}

/** A write through what a call of a cached function gave. */
export interface WriteFact extends Found {
  readonly callee: SitePlace;
  /** The write as it stands there, shortened. */
  readonly text: string;
}

/** A place that takes what a call of a cached function gave at once, although it may be a promise. */
export interface UseAtOnceFact extends Found {
  readonly callee: SitePlace;
  /** The use as it stands there, shortened. */
  readonly text: string;
}

/** An argument of `invalidateTags()`. `tag` undefined: only a run knows it. */
export interface TagFact extends Found {
  readonly tag: string | undefined;
}

/** `lineEnd`: of the line on which what follows the suppression begins. */
export interface AllowFact {
  readonly file: string;
  readonly allow: Allow;
  readonly lineEnd: number;
}

export interface ProgramFacts {
  readonly calls: readonly CallFact[];
  readonly writes: readonly WriteFact[];
  readonly usesAtOnce: readonly UseAtOnceFact[];
  readonly tags: readonly TagFact[];
  readonly allows: readonly AllowFact[];
}

/** The same place in text: `file:end`. */
export function placeKey({ file, end }: SitePlace): string {
  return `${file}:${end}`;
}
