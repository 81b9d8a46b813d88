// `cached` that reaches a file some other way than by its name from "cachekit": compiled, or the build says so.
import { afterAll, describe, expect, it } from 'vitest';
import { openProject } from '../../transformer/host/project/project.ts';
import { smallProject } from '../helpers/small-project.ts';

const FN = 'async (n: number): Promise<number> => n';

/** Import lines and the callee: the call is compiled. */
const COMPILED = {
  'another file': ["import { cached } from './kit.js';", 'cached'],
  'another file, under another name': ["import { cached as c } from './kit.js';", 'c'],
  'a file that hands on everything': ["import { cached } from './star.js';", 'cached'],
  'a file that hands on another one': ["import { cached } from './chain.js';", 'cached.production'],
  'a namespace of another file': ["import * as kit from './kit.js';", 'kit.cached'],
  'an exported namespace': ["import { all } from './kit.js';", 'all.cached'],
  'a member of an exported namespace': ["import { all } from './kit.js'; const { cached } = all;", 'cached'],
  'a constant for the namespace': ["import * as ck from 'cachekit'; const kit = ck;", 'kit.cached'],
  'a destructured namespace': ["import * as ck from 'cachekit'; const { cached: c } = ck;", 'c.production'],
  brackets: ["import * as ck from 'cachekit';", "ck['cached']['production']"],
  parentheses: ["import * as ck from 'cachekit';", '(ck).cached.production'],
  'an import alias': ["import * as ck from 'cachekit'; import c = ck.cached;", 'c'],
  'a dynamic import': ["const ck = await import('cachekit');", 'ck.cached'],
  'a destructured dynamic import': ["const { cached } = await import('cachekit');", 'cached.production'],
  'a default import': ["import ck from 'cachekit';", 'ck.cached'],
  'a variable that is never assigned': ["import * as ck from 'cachekit'; let kit = ck;", 'kit.cached'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

/** The call is not compiled, and the code says so. */
const TOLD = {
  'a constant for cached': ["import { cached } from './kit.js'; const c = cached;", 'c', ['CK1015']],
  'a constant for a profile': [
    "import * as ck from 'cachekit'; const c = ck.cached.production;",
    'c',
    ['CK1015'],
  ],
  'call()': ["import { cached } from './kit.js';", 'cached.call', ['CK1001']],
} as const;

/** Names that only look like it. */
const OTHERS = {
  'a function of another file': ["import { cached } from './own.js';", 'cached'],
  'a member of another file': ["import * as own from './own.js';", 'own.cached'],
  'a type': ["import type { cached } from './kit.js'; declare const c: typeof cached;", 'c'],
  'a variable that is assigned': [
    "import * as ck from 'cachekit'; import * as own from './own.js'; let kit: any = ck; kit = own;",
    'kit.cached',
  ],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

const all = { ...COMPILED, ...TOLD, ...OTHERS };
const names = Object.keys(all) as readonly (keyof typeof all)[]; // its own keys
const fileOf = (name: keyof typeof all): string => `case${names.indexOf(name)}.ts`;

const project = smallProject(
  {
    'cachekit.d.ts': `declare module 'cachekit' { export const cached: any; const kit: any; export default kit; }`,
    'kit.ts': "import * as all from 'cachekit';\nexport { cached } from 'cachekit';\nexport { all };",
    'star.ts': "export * from 'cachekit';",
    'chain.ts': "export * from './kit.js';",
    'own.ts': 'export const cached = <F>(fn: F): F => fn;',
    'renamed.ts': "export { cached as memo } from 'cachekit';",
    'renamed-local.ts': "import { cached } from 'cachekit';\nexport { cached as memo };",
    ...Object.fromEntries(
      names.map((name) => [fileOf(name), `${all[name][0]}\nexport const load = ${all[name][1]}(${FN});`]),
    ),
  },
  { lib: ['es2022'] },
);
afterAll(() => project.remove());
const opened = openProject({ cwd: project.path });

const compile = (file: string) => opened.compile(project.file(file));
const errorsOf = (file: string): readonly string[] =>
  compile(file).diagnostics.flatMap((one) => (one.severity === 'error' ? [one.code] : []));
const isCompiled = (file: string): boolean => compile(file).code?.includes(', $ck0_)') ?? false;

describe('cached from somewhere else', () => {
  it.each(Object.keys(COMPILED) as (keyof typeof COMPILED)[])('%s: is compiled', (name) => {
    expect(errorsOf(fileOf(name))).toEqual([]);
    expect(isCompiled(fileOf(name))).toBe(true);
  });

  it.each(Object.keys(TOLD) as (keyof typeof TOLD)[])('%s: is told', (name) => {
    expect(errorsOf(fileOf(name))).toEqual(expect.arrayContaining([...TOLD[name][2]]));
    expect(isCompiled(fileOf(name))).toBe(false);
  });

  it.each(Object.keys(OTHERS) as (keyof typeof OTHERS)[])('%s: is left alone', (name) => {
    expect(errorsOf(fileOf(name))).toEqual([]);
    expect(isCompiled(fileOf(name))).toBe(false);
  });

  it.each(['renamed.ts', 'renamed-local.ts'])(
    'a name without "cached" is told where it is given: %s',
    (file) => {
      const [problem] = compile(file).diagnostics;
      expect(problem).toMatchObject({ code: 'CK1015', severity: 'error' });
      expect(problem?.message).toContain("it is exported as 'memo'");
    },
  );

  it('files between are watched: the answer follows an edit of them', () => {
    expect(compile(fileOf('another file')).dependencies).toContain(project.file('kit.ts'));
    expect(compile(fileOf('a file that hands on another one')).dependencies).toEqual(
      expect.arrayContaining([project.file('chain.ts'), project.file('kit.ts')]),
    );
    const file = fileOf('a function of another file');
    expect(compile(file).dependencies).toContain(project.file('own.ts'));
    project.write('own.ts', "export { cached } from 'cachekit';");
    opened.update(project.file('own.ts'));
    expect(isCompiled(file)).toBe(true);
  });
});
