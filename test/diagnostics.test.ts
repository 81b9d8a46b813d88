// Every folder of fixtures/diagnostics through the real compiler: `input.*` → `expected.txt`. Also: each code of the
// catalogue has a page and, where a source file can trigger it, a fixture, which is the example of the page.
// `vitest run --project fixtures -u` rewrites the expected texts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../transformer/diagnostics/catalogue.ts';
import type { Diagnostic } from '../transformer/diagnostics/diagnostic.ts';
import { formatPretty } from '../transformer/diagnostics/format.ts';
import { openProject, type Project } from '../transformer/host/project/project.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'fixtures/diagnostics');
const pages = join(root, 'docs/diagnostics');
const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name.startsWith('CK'))
  .map((entry) => entry.name);

/** Codes that no source file can trigger, and where they come from instead. */
const WITHOUT_FIXTURE: Readonly<Record<string, string>> = {
  CK1022: 'text that does not parse: test/transformer/half-typed.test.ts',
  CK1402: 'another TypeScript than ours: test/transformer/host/supported-typescript.test.ts',
  CK1403: 'another installed runtime: test/transformer/host/runtime-version.test.ts',
  CK1404: 'a bundle for browsers: test/plugins/plugins.test.ts',
  CK1406: 'the output of a build: test/transformer/cli/tools.test.ts',
  CK1407: 'our own bugs only',
  CK1410: 'files compiled one by one: test/e2e/transpile.test.ts',
  CK3004: 'two builds: test/transformer/host/manifest.test.ts',
  CK3005: 'two builds: test/transformer/host/manifest.test.ts',
  CK3008: 'two builds: test/transformer/host/manifest.test.ts',
};

const shared = openProject({ tsconfig: join(folder, 'tsconfig.json'), cwd: root });

/** One program for all; a case with a tsconfig of its own is about that tsconfig. */
function projectOf(name: string): Project {
  const tsconfig = join(folder, name, 'tsconfig.json');
  return existsSync(tsconfig) ? openProject({ tsconfig, cwd: root }) : shared;
}

function inputOf(name: string): string {
  const input = readdirSync(join(folder, name)).find((file) => file.startsWith('input.'));
  if (input === undefined) throw new Error(`${name} has no input file`);
  return join(folder, name, input);
}

let whole: readonly Diagnostic[] | undefined;

/** What only shows in all cases together. */
function programDiagnostics(file: string): readonly Diagnostic[] {
  whole ??= shared.programDiagnostics(new Map(shared.files().map((one) => [one, shared.compile(one)])));
  return whole.filter((one) => one.file === file && one.severity !== 'info');
}

function report(name: string): string {
  const file = inputOf(name);
  const own = projectOf(name).compile(file).diagnostics;
  const diagnostics = [...own, ...programDiagnostics(file)];
  const options = {
    textOf: (file: string) => readFileSync(file, 'utf8'),
    show: (file: string) => relative(join(folder, name), file),
  };
  // Paths in the words of a message are as absolute as the folder of the test.
  return `${diagnostics.map((one) => formatPretty(one, options).replaceAll(root, '')).join('\n\n')}\n`;
}

describe('diagnostics of real sources', () => {
  it.each(cases)('%s', async (name) => {
    const text = report(name);
    expect(text).toContain(` ${name.slice(0, 6)}: `);
    expect(text).not.toMatch(/\bundefined'|\[object /);
    await expect(text).toMatchFileSnapshot(join(folder, name, 'expected.txt'));
  });
});

/** Codes whose fixtures have an edit, so that an edit that is lost is seen. */
const WITH_EDITS = [
  'CK1001 CK1002 CK1004 CK1005 CK1007 CK1009 CK1011 CK1012 CK1013 CK1014 CK1019 CK1020',
  'CK1101 CK1112 CK1115',
  'CK1201 CK1202 CK1203 CK1204 CK1205 CK1211',
  'CK1301 CK1302',
  'CK1401',
  'CK2004 CK2010 CK2014 CK2015 CK2017',
].flatMap((codes) => codes.split(' '));

/** One fix of a diagnostic, applied: the text, and what the compiler says of it. */
interface Repair {
  readonly name: string;
  readonly code: string;
  readonly title: string;
  readonly after: readonly string[];
  readonly before: readonly string[];
}

function repairsOf(name: string, project: Project): readonly Repair[] {
  const file = inputOf(name);
  const text = readFileSync(file, 'utf8');
  // An info of another code may come: it says what was decided.
  const codesOf = (source: string, own?: string) =>
    project
      .compile(file, source)
      .diagnostics.flatMap((one) => (one.severity === 'info' && one.code !== own ? [] : [one.code]));
  const found = project.compile(file, text).diagnostics;
  const repairs = found.flatMap(({ code, fixes }) =>
    fixes.map(({ title, edits }) => {
      const fixed = edits
        .toSorted((a, b) => b.start - a.start)
        .reduce((now, edit) => now.slice(0, edit.start) + edit.text + now.slice(edit.end), text);
      return { name, code, title, before: codesOf(text, code), after: codesOf(fixed, code) };
    }),
  );
  project.compile(file, text);
  return repairs;
}

describe('fixes', () => {
  const fixing = openProject({ tsconfig: join(folder, 'tsconfig.json'), cwd: root });
  let repairs: readonly Repair[];
  beforeAll(() => {
    repairs = cases.flatMap((name) =>
      repairsOf(name, existsSync(join(folder, name, 'tsconfig.json')) ? projectOf(name) : fixing),
    );
  }, 300_000);

  it('are edits after which the problem is gone and no other has come', () => {
    const failed = repairs.filter(
      ({ code, before, after }) =>
        after.filter((one) => one === code).length >= before.filter((one) => one === code).length ||
        after.some((one) => !before.includes(one)),
    );
    expect(failed).toEqual([]);
  });

  it('are there for the codes that an edit can repair', () => {
    expect([...new Set(repairs.map(({ code }) => code))].toSorted()).toEqual(WITH_EDITS);
  });
});

/** All numbers, first and last of each row of them; never reused, so the list only grows. */
const PLANNED = [
  [1001, 1022],
  [1101, 1119],
  [1201, 1208],
  [1211, 1214],
  [1301, 1307],
  [1401, 1410],
  [2001, 2025],
  [3001, 3012],
] as const;

function planned(): readonly string[] {
  return PLANNED.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => `CK${first + index}`),
  );
}

describe('catalogue', () => {
  const codes = Object.keys(catalogue).toSorted();

  it('has one page per code, and no page without a code', () => {
    const written = readdirSync(pages).filter((file) => /^CK\d+\.md$/.test(file));
    expect(written.map((file) => file.slice(0, -3)).toSorted()).toEqual(codes);
  });

  it('has each number that was planned, or the decision says what is there instead', () => {
    const decided = readFileSync(join(root, 'docs/decisions/0008-which-warnings.md'), 'utf8');
    const dropped = [...decided.matchAll(/^\| (CK\d{4}) \| [^|]+ \| [^|]+ \|$/gm)].map(
      ([, code]) => code ?? '',
    );
    expect([...codes, ...dropped].toSorted()).toEqual(planned());
    expect(dropped.length).toBeGreaterThan(0);
  });

  it('has a fixture for each code that a source file can trigger', () => {
    const covered = new Set([...cases.map((name) => name.slice(0, 6)), ...Object.keys(WITHOUT_FIXTURE)]);
    expect([...covered].toSorted()).toEqual(codes);
  });

  it.each(codes)('%s: the page has its title and severity in the first line', (code) => {
    const { title, severity } = catalogue[code as keyof typeof catalogue]; // a key of it
    expect(pageOf(code).split('\n')[0]).toBe(`# ${code} ${title} (${severity})`);
  });

  it.each(codes.filter((code) => !(code in WITHOUT_FIXTURE)))(
    '%s: the example of the page is a fixture',
    (code) => {
      const example = /^```\w+\n([\s\S]*?)^```/m.exec(pageOf(code))?.[1];
      const fixtures = cases.filter((name) => name.startsWith(code)).map(exampleOf);
      expect(fixtures).toContain(example);
    },
  );
});

function pageOf(code: string): string {
  return readFileSync(join(pages, `${code}.md`), 'utf8');
}

/** What a case is about: its tsconfig if it has one, else the input without the comment on its first line. */
function exampleOf(name: string): string {
  const tsconfig = join(folder, name, 'tsconfig.json');
  if (existsSync(tsconfig)) return readFileSync(tsconfig, 'utf8');
  return readFileSync(inputOf(name), 'utf8').replace(/^.*\n/, '');
}
