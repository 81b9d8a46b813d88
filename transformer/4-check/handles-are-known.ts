// Rule: `cacheOf` of a #private method must name the method directly in the call, and the method must be marked.
import type { Range, ScanResult, Target } from '../1-scan/marker.ts';
import type { PrivateHandle } from '../1-scan/private-handle.ts';
import type { SyntaxReader } from '../1-scan/syntax-reader.ts';
import type { Finding } from '../diagnostics/finding.ts';

/** Calls of `cacheOf` that name this function directly. */
export function handlesOf(syntax: SyntaxReader, { node }: Target): readonly PrivateHandle[] {
  return syntax.privateHandles().filter((one) => one.via === undefined && isSame(one.fn, node));
}

/** CK1214: the function is not marked, or the call does not name it directly. */
export function checkHandles(
  syntax: SyntaxReader,
  { markers, problems }: Pick<ScanResult, 'markers' | 'problems'>,
): readonly Finding[] {
  // A marker with an error is missing from `markers`. Then "not marked" could be wrong, and the error itself says more.
  const areMarkersComplete = problems.every(({ code }) => code === 'CK2014');
  return syntax.privateHandles().flatMap(({ fn, name, range, via }): readonly Finding[] => {
    const isMarked = markers.some(({ kind, target }) => kind === 'comment' && isSame(target.node, fn));
    if (isMarked ? via === undefined : !areMarkersComplete) return [];
    const args = isMarked
      ? { name, why: `it gets ${via}`, write: `Write the method itself in the call: cacheOf(this.${name}).` }
      : { name, why: 'it is not marked', write: 'Put @cache before it.' };
    return [{ code: 'CK1214', range, args }];
  });
}

function isSame(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}
