// Finding → Diagnostic: adds severity and texts from the catalogue.
import type { ScanProblem } from '../1-scan/marker.ts';
import { catalogue, isCode } from './catalogue.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';
import type { CatalogueEntry } from './entry.ts';
import type { Finding } from './finding.ts';

/** The diagnostic of a finding, with the severity of the catalogue (see `applySeverities`). `file` is absolute. */
export function createDiagnostic(finding: Finding, file: string): Diagnostic {
  const known = catalogue[finding.code] as CatalogueEntry<never>; // code and args belong together by the type of Finding
  const args = finding.args as never; // the same
  return {
    code: finding.code,
    severity: known.severity,
    message: known.message(args),
    help: known.help(args),
    file,
    range: finding.range,
    fixes: finding.fixes ?? [],
    ...(known.hidesSource === true && { hidesSource: true }),
  };
}

/** The diagnostic of a problem from stage 1, whose codes take only strings as values. */
export function createScanDiagnostic(problem: ScanProblem, file: string): Diagnostic {
  // The names of its values are untyped; a fixture for each code tests them.
  const finding = { ...problem, fixes: scanFixes(problem) } as Finding;
  return createDiagnostic(finding, file);
}

/** True when the function of the diagnostic stays uncached. The user's severities do not matter. */
export function isBlocking(code: string): boolean {
  return isCode(code) && catalogue[code].severity === 'error';
}

function scanFixes(problem: ScanProblem): readonly Fix[] {
  if (problem.code !== 'CK1004') return problem.fixes ?? [];
  return [{ title: 'Delete the second one', edits: [{ ...problem.range, text: '' }] }];
}
