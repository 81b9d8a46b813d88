// What a stage reports: a code, a place and typed values. Words and severity come from the catalogue.
import type { Range } from '../1-scan/marker.ts';
import type { ArgsOf, Code } from './catalogue.ts';
import type { Fix } from './diagnostic.ts';

interface FindingOf<C extends Code> {
  readonly code: C;
  readonly range: Range;
  readonly args: ArgsOf<C>;
  /** Edits that repair it; none when only a person can. */
  readonly fixes?: readonly Fix[];
}

/** One finding; `args` follow from `code`. */
export type Finding = { [C in Code]: FindingOf<C> }[Code];
