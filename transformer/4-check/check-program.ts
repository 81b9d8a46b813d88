// Stage 4 for a whole program: rules that need all cached functions and their callers at once.
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { applySeverities, type SeverityOptions } from '../diagnostics/overrides.ts';
import { isErrorAt } from './apply-allows.ts';
import { deadTags } from './dead-tags.ts';
import { lostWrites } from './lost-writes.ts';
import { nestedCalls } from './nested-calls.ts';
import { isProgramCode } from './program-codes.ts';
import type { AllowFact } from './program-facts.ts';
import type { ProgramFinding, ProgramInput, ProgramRule } from './program-rule.ts';
import { promisesAreAwaited } from './promises-are-awaited.ts';

const rules: readonly ProgramRule[] = [nestedCalls, lostWrites, promisesAreAwaited, deadTags];

/** Diagnostics sorted by file and offset. `optionsOf` gives the user's severities for a file. */
export function checkProgram(
  input: ProgramInput,
  optionsOf: (file: string) => SeverityOptions,
): readonly Diagnostic[] {
  const found = rules.flatMap((rule) => rule(input));
  const { allows } = input.facts;
  const used = new Set<AllowFact>();
  const left = found.filter((one) => {
    const allow = allows.find((candidate) => covers(candidate, one));
    if (allow !== undefined) used.add(allow);
    return allow === undefined;
  });
  // After an error the rules may have known too little, so it is unknown whether the suppression is used.
  const isUnknown = ({ file, allow }: AllowFact) =>
    input.ofFiles.some((one) => one.file === file && isErrorAt(one, allow));
  const unused = allows
    .filter((one) => isProgramCode(one.allow.code) && !used.has(one) && !isUnknown(one))
    .map(reportUnused);
  // Findings marked `isInfo` stay infos whatever severity the user gives their code; only `off` drops them.
  const isOff = ({ file, finding }: ProgramFinding) => optionsOf(file).severities[finding.code] === 'off';
  const infos = left.filter((one) => one.isInfo === true && !isOff(one));
  const others = left.filter((one) => one.isInfo !== true);
  return [
    ...[...others.map(toDiagnostic), ...unused].flatMap((one) => applySeverities([one], optionsOf(one.file))),
    ...infos.map((one): Diagnostic => ({ ...toDiagnostic(one), severity: 'info' })),
  ].toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.range.start - b.range.start);
}

/**
 * True for a finding between the comments before the suppressed declaration and the end of that declaration or its
 * line.
 */
function covers({ file, allow, lineEnd }: AllowFact, one: ProgramFinding): boolean {
  const { code, range } = one.finding;
  if (file !== one.file || allow.code !== code || !isProgramCode(code)) return false;
  const { from, declaration } = allow;
  return from <= range.start && range.start < Math.max(declaration.end, lineEnd);
}

function toDiagnostic({ file, finding }: ProgramFinding): Diagnostic {
  return createDiagnostic(finding, file);
}

function reportUnused({ file, allow: { code, range } }: AllowFact): Diagnostic {
  const fixes = [{ title: 'Delete it', edits: [{ ...range, text: '' }] }];
  return createDiagnostic({ code: 'CK2015', range, args: { code }, fixes }, file);
}
