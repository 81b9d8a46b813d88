// `cachekit explain CK1108`: the page of a diagnostic or of a run-time error. The pages come with the package.
import { readFileSync } from 'node:fs';
import { catalogue } from '../diagnostics/catalogue.ts';
import { didYouMean } from '../diagnostics/entry.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';

/** Where `docs` is, seen from here: in the package beside what was built, in the repository at its root. */
const DOCS = ['./docs/', '../docs/', '../../docs/'];

/** Not what a function could be called by accident. */
export function isCodeName(what: string): boolean {
  return /^(?:CK\d+|ERR_CACHEKIT_[A-Z_]+)$/.test(what);
}

/** `code`: as `isCodeName` has it. @throws UsageError when there is no such code */
export function explainCode(code: string, isJson: boolean, context: CliContext): number {
  const page = pageOf(code);
  if (page === undefined) {
    const near = suggest(code, Object.keys(catalogue));
    throw new UsageError(`There is no code '${code}'.${didYouMean(near)}`);
  }
  context.print(isJson ? JSON.stringify({ version: 1, code, page }) : withoutLinks(page).trimEnd());
  return EXIT.fine;
}

function pageOf(code: string): string | undefined {
  const path = `${code.startsWith('CK') ? 'diagnostics' : 'errors'}/${code}.md`;
  for (const docs of DOCS) {
    try {
      return readFileSync(new URL(docs + path, import.meta.url), 'utf8');
    } catch {
      continue; // not at this depth
    }
  }
  return undefined;
}

/** The pages that they lead to are not in the package. */
function withoutLinks(page: string): string {
  return page.replaceAll(/\[([^\]\n]+)\]\((?!https?:)[^)\n]*\)/g, '$1');
}
