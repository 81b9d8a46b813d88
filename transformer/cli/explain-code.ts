// `cachekit explain CK1108`: prints the page of a diagnostic or of a run-time error. The pages are part of the package.
import { readFileSync } from 'node:fs';
import { catalogue } from '../diagnostics/catalogue.ts';
import { didYouMean } from '../diagnostics/entry.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';

/**
 * Possible places of `docs` relative to this module: in the package beside the built files, in the repository at its
 * root.
 */
const DOCS = ['./docs/', '../docs/', '../../docs/'];

/** True for text that is the name of a code and hardly that of a function. */
export function isCodeName(what: string): boolean {
  return /^(?:CK\d+|ERR_CACHEKIT_[A-Z_]+)$/.test(what);
}

/** @param code passes `isCodeName`. @throws UsageError when there is no such code */
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

/** Removes relative links, whose targets are not part of the package. */
function withoutLinks(page: string): string {
  return page.replaceAll(/\[([^\]\n]+)\]\((?!https?:)[^)\n]*\)/g, '$1');
}
