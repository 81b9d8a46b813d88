// Applies `@cacheAllow`: drops the findings it suppresses, and reports suppressions that are wrong or unused.
import type { Allow, Marker, Range } from '../1-scan/marker.ts';
import { isCode } from '../diagnostics/catalogue.ts';
import { createDiagnostic, isBlocking } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isProtected } from '../diagnostics/overrides.ts';
import { isProgramCode } from './program-codes.ts';

/** A diagnostic, and the marker it is about; undefined: it is about no marked function. */
export interface Said {
  readonly diagnostic: Diagnostic;
  readonly marker: Marker | undefined;
}

/**
 * The diagnostics that remain, then those about the suppressions. Must run before the user's severities are applied.
 */
export function applyAllows(
  said: readonly Said[],
  allows: readonly Allow[],
  file: string,
): readonly Diagnostic[] {
  const used = new Set<Allow>();
  const valid = allows.filter((allow) => whyNot(allow.code) === undefined);
  const left = said.filter((one) => {
    const allow = valid.find((candidate) => covers(candidate, one));
    if (allow !== undefined) used.add(allow);
    return allow === undefined;
  });
  const about = allows.flatMap((allow): readonly Diagnostic[] => {
    const { code, range } = allow;
    const expected = whyNot(code);
    if (expected !== undefined)
      return [
        createDiagnostic(
          { code: 'CK1003', range, args: { option: '@cacheAllow', expected, got: code } },
          file,
        ),
      ];
    // After an error some rules did not run, so it is unknown whether the suppression is used.
    if (used.has(allow) || said.some((one) => isErrorAt(one.diagnostic, allow))) return [];
    if (isProgramCode(code)) return [];
    const fixes = [{ title: 'Delete it', edits: [{ ...range, text: '' }] }];
    return [createDiagnostic({ code: 'CK2015', range, args: { code }, fixes }, file)];
  });
  return [...left.map((one) => one.diagnostic), ...about];
}

/** What would have to be written instead of `code`; undefined when `code` may be silenced. */
function whyNot(code: string): string | undefined {
  if (!isCode(code)) return 'the code of a warning or an info';
  if (isProtected(code)) return 'the code of a warning or an info (security errors cannot be silenced)';
  return isBlocking(code) ? 'the code of a warning or an info (errors cannot be silenced)' : undefined;
}

function covers({ code, range, node, declaration }: Allow, { diagnostic, marker }: Said): boolean {
  if (diagnostic.code !== code) return false;
  // Text that only looks like a marker belongs to no function; it must stand between the suppression and the
  // declaration.
  if (marker === undefined)
    return range.start <= diagnostic.range.start && diagnostic.range.start < declaration.start;
  const { target } = marker;
  if (node?.start === target.node.start && node.end === target.node.end) return true;
  return marker.kind === 'call' && contains(declaration, marker.range);
}

/** True for an error in the comments or the declaration that the suppression is about. */
export function isErrorAt({ code, range }: Diagnostic, { from, declaration }: Allow): boolean {
  return isBlocking(code) && contains({ start: from, end: declaration.end }, range);
}

function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
