// What a stage reports: a code, a place and typed values. Texts and severity come from the catalogue.
import type { Range } from '../1-scan/marker.ts';
import type { ArgsOf, Code } from './catalogue.ts';
import type { Fix } from './diagnostic.ts';

interface FindingOf<C extends Code> {
  readonly code: C;
  readonly range: Range;
  readonly args: ArgsOf<C>;
  /** Edits that fix it. Default: none, as a person has to decide. */
  readonly fixes?: readonly Fix[];
}

/** One finding. The type of `args` depends on `code`. */
export type Finding = { [C in Code]: FindingOf<C> }[Code];
