// The ts blocks of the pages: where they stand, what they do not show, and what they print.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface PageBlock {
  readonly page: string;
  /** Of its first line of code. */
  readonly line: number;
  readonly text: string;
  /** A module that it imports by a relative path: file name → code. */
  readonly beside: readonly (readonly [file: string, code: string])[];
  /** Of a program: a ```text block directly after it. */
  readonly prints: string | undefined;
}

/** Pages whose blocks are checked by another test, which also compiles them: test/diagnostics.test.ts. */
const ELSEWHERE = join('docs', 'diagnostics');

export function pages(): string[] {
  const found = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file));
  return ['README.md', 'CONTRIBUTING.md', ...found].filter((page) => !page.startsWith(ELSEWHERE));
}

/**
 * A block may be preceded by an invisible `<!-- with: declare const db: Db -->` that declares what it does not show, or by
 * `<!-- beside ./db.ts: export declare const db: Db; -->`, a module that it imports.
 */
export function blocksOf(page: string): PageBlock[] {
  const all = readFileSync(join(root, page), 'utf8');
  const fences = all.matchAll(
    /(?:<!-- (?:with|beside \.\/(\S+)):([\s\S]*?)-->\s*)?^```ts\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```)?/gm,
  );
  return [...fences].map((match) => {
    const [, file, hidden = '', shown = '', prints] = match;
    const said = hidden.trim().replaceAll('\n', ' ');
    const before = all.slice(0, match.index + match[0].indexOf('```ts'));
    const line = before.split('\n').length + 1;
    const text = `${file === undefined ? said : ''} export {};\n${shown}`;
    return { page, line, text, beside: file === undefined ? [] : [[file, said]], prints };
  });
}
