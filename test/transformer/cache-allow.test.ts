// `@cacheAllow`: a warning that is wanted, with a reason; never an error, and never one that silences nothing.
import { afterEach, describe, expect, it } from 'vitest';
import { openProject } from '../../transformer/host/project/project.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

let project: SmallProject | undefined;
afterEach(() => project?.remove());

const LOAD = 'export async function load(id: number): Promise<{ open: unknown }> { return { open: id }; }\n';

/** `CODE severity` of everything said about one file, but for the choice of the serializer. */
function said(text: string, entry: object = {}): readonly string[] {
  project = smallProject({ 'a.ts': text }, {}, entry);
  const { diagnostics } = openProject({ cwd: project.path }).compile('a.ts');
  return diagnostics
    .map(({ code, severity }) => `${code} ${severity}`)
    .filter((one) => one !== 'CK3007 info');
}

describe('a warning is silenced', () => {
  it.each([
    ['in the block', `/**\n * @cache.production\n * @cacheAllow CK2006 as wanted\n */\n${LOAD}`],
    ['on the line of the marker', `/** @cache.production ttl=1h @cacheAllow CK2006 as wanted */\n${LOAD}`],
    [
      'in a line comment after the block',
      `/** @cache.production */\n// @cacheAllow CK2006 as wanted\n${LOAD}`,
    ],
    [
      'in a line comment before the block',
      `// @cacheAllow CK2006 as wanted\n/** @cache.production */\n${LOAD}`,
    ],
    ['in another block', `/** @cache.production */\n/** @cacheAllow CK2006 as wanted */\n${LOAD}`],
    [
      'before a call of cached()',
      `import { cached } from 'cachekit';\n${LOAD}// @cacheAllow CK2006 as wanted\nexport const one = cached.production(load);\n`,
    ],
  ])('%s', (_where, text) => {
    expect(said(text)).toEqual([]);
  });

  it('also when the project makes it an error', () => {
    expect(
      said(`/** @cache.production */\n// @cacheAllow CK2006 as wanted\n${LOAD}`, { strict: true }),
    ).toEqual([]);
  });

  it('and an info', () => {
    const sync = 'export function load(id: number): number { return id; }\n';
    expect(said(`/** @cache.production */\n${sync}`)).toEqual(['CK3011 info']);
    expect(said(`/** @cache.production */\n// @cacheAllow CK3011 as wanted\n${sync}`)).toEqual([]);
  });

  it('and what looks like a marker', () => {
    expect(said(`// @cacheAllow CK2014 an example\n/* @cache.production ttl=5m */\n${LOAD}`)).toEqual([]);
  });
});

describe('only what it is about', () => {
  it('not the same warning of the next function', () => {
    const next = `/** @cache.production */\n${LOAD.replace('load', 'next')}`;
    expect(said(`/** @cache.production */\n// @cacheAllow CK2006 as wanted\n${LOAD}${next}`)).toEqual([
      'CK2006 warning',
    ]);
  });

  it('not when it stands at the end of the line above', () => {
    const above = 'export const a = 1; // @cacheAllow CK2006 as wanted\n';
    expect(said(`${above}/** @cache.production */\n${LOAD}`)).toEqual(['CK2006 warning', 'CK2015 warning']);
  });

  it.each([
    ['in a fence', '/**\n * ```\n * @cacheAllow CK2006 as wanted\n * ```\n * @cache.production\n */\n'],
    ['in an example', '/**\n * @cache.production\n * @example\n * @cacheAllow CK2006 as wanted\n */\n'],
    ['in prose', '/**\n * @cache.production\n *\n * See the tag @cacheAllow CK2006 as wanted\n */\n'],
  ])('not %s', (_where, comment) => {
    expect(said(comment + LOAD)).toEqual(['CK2006 warning']);
  });
});

describe('a wrong suppression', () => {
  it.each([
    ['of an error', 'CK1105 as wanted', ['CK1003 error', 'CK2006 warning']],
    ['of a security error', 'CK1301 as wanted', ['CK1003 error', 'CK2006 warning']],
    ['of no code of ours', 'CK9999 as wanted', ['CK1003 error', 'CK2006 warning']],
    ['without a code', '', ['CK1003 error', 'CK2006 warning']],
    ['without a reason', 'CK2006', ['CK1003 error', 'CK2006 warning']],
    ['that matches nothing', 'CK2020 as wanted', ['CK2006 warning', 'CK2015 warning']],
    ['said twice', 'CK2006 as wanted\n// @cacheAllow CK2006 as wanted', ['CK2015 warning']],
  ])('%s', (_what, allow, expected) => {
    expect(said(`/** @cache.production */\n// @cacheAllow ${allow}\n${LOAD}`).toSorted()).toEqual(expected);
  });

  it('is not called unused while an error keeps the rules from speaking', () => {
    expect(said(`/** @cache.production tll=1h */\n// @cacheAllow CK2006 as wanted\n${LOAD}`)).toEqual([
      'CK1002 error',
    ]);
    expect(said(`/** @cache ttl= */\n// @cacheAllow CK2006 as wanted\n${LOAD}`)).toEqual(['CK1003 error']);
  });
});
