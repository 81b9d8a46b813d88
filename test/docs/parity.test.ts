// docs/parity.md has a line for every feature of the parent, each with a page, and with a test that exists. That its
// links lead somewhere: links.test.ts.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measured } from '../helpers/measured.ts';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const ROWS = 90;
/** What the roadmap has instead; none now. */
const NOT_THERE_YET: readonly number[] = [];

interface Row {
  readonly number: number;
  readonly there: string;
  readonly here: string;
  readonly pages: readonly string[];
  readonly tests: readonly string[];
}

const linked = (cell: string): string[] =>
  [...cell.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? '');

const rows: Row[] = readFileSync(join(docs, 'parity.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [, number = '', there = '', here = '', pages = '', tests = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    return { number: Number(number), there, here, pages: linked(pages), tests: linked(tests) };
  });

test('every feature of the parent has a page and a test, or the roadmap has it', (context) => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: ROWS }, (_, i) => i + 1));
  for (const { number, there, here, pages, tests } of rows) {
    expect({ number, said: there !== '' && here !== '' && pages.length > 0 }).toEqual({ number, said: true });
    for (const page of pages) expect(page).not.toMatch(/^https?:|\.\.\/test/);
    const isThere = !NOT_THERE_YET.includes(number);
    expect({ number, isShown: tests.length > 0, isPlanned: pages.includes('roadmap.md') }).toEqual({
      number,
      isShown: isThere,
      isPlanned: !isThere,
    });
    for (const file of tests) {
      const path = resolve(docs, file);
      expect({ number, file, exists: existsSync(path) }).toEqual({ number, file, exists: true });
      // A file that holds tests.
      expect(readFileSync(path, 'utf8')).toMatch(/\b(?:it|test)(?:\.\w+)*\(/);
    }
  }
  measured(context, `${rows.length} features`);
});
