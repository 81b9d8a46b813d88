// The emission of a file in which there is nothing to insert and nothing to report.
import type { Emission } from '../compile-file.ts';

/** Hosts return this very object for a file without markers. */
export const EMPTY_EMISSION: Emission = { texts: undefined, plans: [], diagnostics: [], dependencies: [] };
