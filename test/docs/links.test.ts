// Every link of the pages leads somewhere: to a file, and to a heading in it. docs/README.md leads to every page.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TOOL_PAGES } from '../../transformer/cli/other-tools.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
  ...readdirSync(join(root, 'fixtures/apps')).flatMap((app) => {
    const page = join('fixtures/apps', app, 'README.md');
    return existsSync(join(root, page)) ? [page] : [];
  }),
];

/** Without what is in code: there brackets are brackets. */
const proseOf = (page: string): string =>
  readFileSync(join(root, page), 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));

interface Link {
  readonly page: string;
  readonly to: string;
}

const linksOf = (page: string): Link[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => ({ page, to: match[1] ?? '' }))
    .filter(({ to }) => !/^https?:/.test(to));

/** As GitHub makes them. */
function anchorsOf(file: string): Set<string> {
  const headings = readFileSync(file, 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm);
  return new Set(
    [...headings].map((match) =>
      (match[1] ?? '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function problemOf({ page, to }: Link): string | undefined {
  const [path = '', anchor] = to.split('#');
  const target = path === '' ? join(root, page) : resolve(join(root, dirname(page)), path);
  if (!existsSync(target)) return `${page}: there is no ${to}`;
  if (anchor !== undefined && !anchorsOf(target).has(anchor)) return `${page}: no heading for ${to}`;
  return undefined;
}

describe('links', () => {
  it('lead to files and headings that exist', () => {
    const links = pages.flatMap(linksOf);
    expect(links.length).toBeGreaterThan(300);
    expect(links.flatMap((link) => problemOf(link) ?? [])).toEqual([]);
  });

  it('that `cachekit init` prints lead to files and headings that exist', () => {
    const links = Object.values(TOOL_PAGES).map((to) => ({ page: 'docs/guide/hosts/vite.md', to }));
    expect(links.flatMap((link) => problemOf(link) ?? [])).toEqual([]);
  });

  it('would be found wrong', () => {
    expect(problemOf({ page: 'docs/api.md', to: 'nothing.md' })).toContain('there is no');
    expect(problemOf({ page: 'docs/api.md', to: 'roadmap.md#nothing' })).toContain('no heading');
  });

  it('lead from the index to every page', () => {
    const listed = new Set(
      linksOf('docs/README.md').map(({ to }) =>
        relative(root, resolve(join(root, 'docs'), to.split('#')[0] ?? '')).replace(/\/$/, ''),
      ),
    );
    const isListed = (page: string): boolean => listed.has(page) || listed.has(dirname(page));
    const missing = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(missing.filter((page) => !isListed(page))).toEqual([]);
  });
});
