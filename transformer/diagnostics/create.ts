// Finding → Diagnostic: adds severity and words from the catalogue.
import type { ScanProblem } from '../1-scan/marker.ts';
import type { Code } from './catalogue.ts';
import { catalogue } from './catalogue.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';
import type { CatalogueEntry } from './entry.ts';
import type { Finding } from './finding.ts';

/** The diagnostic of a finding, with the severity of the catalogue (see `applySeverities`). `file` is absolute. */
export function createDiagnostic(finding: Finding, file: string): Diagnostic {
  const words = catalogue[finding.code] as CatalogueEntry<never>; // code and args belong together by the type of Finding
  const args = finding.args as never; // the same
  return {
    code: finding.code,
    severity: words.severity,
    message: words.message(args),
    help: words.help(args),
    file,
    range: finding.range,
    fixes: finding.fixes ?? [],
  };
}

/** Stage 1 names its values in text; its codes are in the catalogue with text values only. */
export function createScanDiagnostic(problem: ScanProblem, file: string): Diagnostic {
  const finding = { ...problem, fixes: scanFixes(problem) } as Finding; // ScanProblem's args are untyped by contract; a fixture per code holds the names
  return createDiagnostic(finding, file);
}

/** True when the function of the diagnostic stays uncached: decided by the catalogue, not by lowered severities. */
export function isBlocking(code: string): boolean {
  return Object.hasOwn(catalogue, code) && catalogue[code as Code].severity === 'error'; // hasOwn
}

function scanFixes(problem: ScanProblem): readonly Fix[] {
  if (problem.code !== 'CK1004') return problem.fixes ?? [];
  return [{ title: 'Delete the second one', edits: [{ ...problem.range, text: '' }] }];
}
