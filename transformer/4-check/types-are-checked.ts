// Does anybody check what the types of the file say? Where nobody does, they are wishes, and nothing is stored by them.
import type { Range } from '../1-scan/marker.ts';
import type { Finding } from '../diagnostics/finding.ts';

/** How the types of a file come to be unchecked. */
export type Unchecked =
  /** JavaScript without `checkJs`. `checkAt`: where `// @ts-check` goes. */
  | { readonly by: 'javascript'; readonly checkAt: number }
  /** `// @ts-nocheck`. `instead`: what has to stand there for the file to be checked. */
  | { readonly by: 'comment'; readonly comment: Range; readonly instead: string };

/** CK1401 for one mark at `range`. */
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
