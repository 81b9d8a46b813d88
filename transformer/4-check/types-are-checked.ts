// Rule: nothing is cached in a file that is not type-checked, as its types may be wrong.
import type { Range } from '../1-scan/marker.ts';
import type { Finding } from '../diagnostics/finding.ts';

/** Why a file is not type-checked. */
export type Unchecked =
  /** JavaScript without `checkJs`. `checkAt`: where to insert `// @ts-check`. */
  | { readonly by: 'javascript'; readonly checkAt: number }
  /** `// @ts-nocheck`. `instead`: what to replace the comment by so that the file is checked. */
  | { readonly by: 'comment'; readonly comment: Range; readonly instead: string };

/** CK1401 for the marker at `range`. */
export function typesAreChecked(unchecked: Unchecked, range: Range): Finding {
  const args = { unchecked: unchecked.by };
  if (unchecked.by === 'javascript') {
    const { checkAt: at } = unchecked;
    const edits = [{ start: at, end: at, text: '// @ts-check\n' }];
    return { code: 'CK1401', range, args, fixes: [{ title: 'Check the types of this file', edits }] };
  }
  const edits = [{ ...unchecked.comment, text: unchecked.instead }];
  return { code: 'CK1401', range, args, fixes: [{ title: 'Check the types of this file', edits }] };
}
