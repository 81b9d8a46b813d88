// Applies the user's `severities` and `strict` from the tsconfig entry.
import type { Diagnostic, Severity } from './diagnostic.ts';

/** `off` drops the diagnostic. */
export type SeveritySetting = Severity | 'off';

export interface SeverityOptions {
  /** Severity by code. */
  readonly severities: Readonly<Record<string, SeveritySetting>>;
  /** Warnings become errors, unless `severities` names their code. */
  readonly strict: boolean;
}

/** True for security diagnostics, which cannot be lowered. */
export function isProtected(code: string): boolean {
  return code.startsWith('CK13');
}

/**
 * The diagnostics with the user's severities, in the same order, without those set to `off`. A lowered error still
 * leaves its function uncached, as no correct code can be generated for it.
 */
export function applySeverities(
  diagnostics: readonly Diagnostic[],
  options: SeverityOptions,
): readonly Diagnostic[] {
  const result: Diagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const severity = severityOf(diagnostic, options);
    if (severity !== 'off') result.push({ ...diagnostic, severity });
  }
  return result;
}

function severityOf(diagnostic: Diagnostic, options: SeverityOptions): SeveritySetting {
  if (isProtected(diagnostic.code)) return diagnostic.severity;
  const named = Object.hasOwn(options.severities, diagnostic.code)
    ? options.severities[diagnostic.code]
    : undefined;
  if (named !== undefined) return named;
  return options.strict && diagnostic.severity === 'warning' ? 'error' : diagnostic.severity;
}
