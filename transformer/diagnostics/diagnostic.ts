// One finding: code, place, words, and the edits that repair it.
import type { Range } from '../1-scan/marker.ts';

export type Severity = 'error' | 'warning' | 'info';

interface Edit extends Range {
  readonly text: string;
}

export interface Fix {
  /** Imperative: "Rename to 'ttl'". */
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Diagnostic {
  readonly code: `CK${number}`;
  readonly severity: Severity;
  /** Fact, without the remedy. */
  readonly message: string;
  /** Remedy, always there; `fixes` when it can be applied as text. */
  readonly help: string;
  readonly file: string;
  readonly range: Range;
  readonly fixes: readonly Fix[];
}
