// One diagnostic: code, place, texts, and the edits that fix it.
import type { Range } from '../1-scan/marker.ts';

export type Severity = 'error' | 'warning' | 'info';

interface Edit extends Range {
  readonly text: string;
}

export interface Fix {
  /** In the imperative: "Rename to 'ttl'". */
  readonly title: string;
  readonly edits: readonly Edit[];
}

export interface Diagnostic {
  readonly code: `CK${number}`;
  readonly severity: Severity;
  /** What is wrong, without the remedy. */
  readonly message: string;
  /** The remedy. Never empty; `fixes` has it as edits where that is possible. */
  readonly help: string;
  /** Absolute path. */
  readonly file: string;
  readonly range: Range;
  readonly fixes: readonly Fix[];
  /** The line of the place must not be shown, because it contains a secret. Default: it may be. */
  readonly hidesSource?: true;
}
