// Decides which compiled files may be stored on disk and used again.
import type { Emission } from '../../compile-file.ts';

/**
 * CK1017 (two functions with one id) depends on other files; CK1407 is a bug of ours. Neither is a fact about the file.
 */
const NOT_STORABLE = new Set(['CK1017', 'CK1407']);

/** False when a diagnostic is not a fact about the file alone. */
export function isStorable({ diagnostics }: Emission): boolean {
  return !diagnostics.some(({ code }) => NOT_STORABLE.has(code));
}
