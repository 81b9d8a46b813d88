// `cacheOf` of #private methods: the build hands over the method that stands in the call, and is marked.
import type { Range, ScanResult, Target } from '../1-scan/marker.ts';
import type { PrivateHandle } from '../1-scan/private-handle.ts';
import type { SyntaxReader } from '../1-scan/syntax-reader.ts';
import type { Finding } from '../diagnostics/finding.ts';

/** Calls that ask for this very function. */
export function handlesOf(syntax: SyntaxReader, { node }: Target): readonly PrivateHandle[] {
  return syntax.privateHandles().filter((one) => one.via === undefined && isSame(one.fn, node));
}

/** CK1214: the function is not marked, or the call gets it some other way. */
export function checkHandles(
  syntax: SyntaxReader,
  { markers, problems }: Pick<ScanResult, 'markers' | 'problems'>,
): readonly Finding[] {
  // A marker with a problem is not among the markers, and the problem says more.
  const areAllThere = problems.every(({ code }) => code === 'CK2014');
  return syntax.privateHandles().flatMap(({ fn, name, range, via }): readonly Finding[] => {
    const isMarked = markers.some(({ kind, target }) => kind === 'comment' && isSame(target.node, fn));
    if (isMarked ? via === undefined : !areAllThere) return [];
    const args = isMarked
      ? { name, why: `it gets ${via}`, write: `Write the method itself in the call: cacheOf(this.${name}).` }
      : { name, why: 'it is not marked', write: 'Put @cache before it.' };
    return [{ code: 'CK1214', range, args }];
  });
}

function isSame(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}
