// The user's last word on severities: `severities` and `strict` of the tsconfig entry.
import type { Diagnostic, Severity } from './diagnostic.ts';

/** `off` drops the diagnostic. */
export type SeveritySetting = Severity | 'off';

export interface SeverityOptions {
  /** By code. */
  readonly severities: Readonly<Record<string, SeveritySetting>>;
  /** Warnings are errors, unless `severities` names the code. */
  readonly strict: boolean;
}

/** Security diagnostics: never below error. */
export function isProtected(code: string): boolean {
  return code.startsWith('CK13');
}

/**
 * The diagnostics as the user wants to see them, in the same order. A lowered error still leaves its function uncached:
 * its code cannot be generated.
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
