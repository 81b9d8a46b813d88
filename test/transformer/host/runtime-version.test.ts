// CK1403: the runtime that a project has installed must understand what the compiler writes.
import { afterEach, describe, expect, it } from 'vitest';
import { openProject } from '../../../transformer/host/project/project.ts';
import { checkRuntimeVersion } from '../../../transformer/host/runtime-version.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

let project: SmallProject;
afterEach(() => project.remove());

const installed = (version: string) => ({
  'node_modules/cachekit/package.json': JSON.stringify({ name: 'cachekit', version }),
});

describe('CK1403', () => {
  it.each([
    ['0.4.0', '0.4.7', []],
    ['0.4.2', '0.4.0', []],
    ['0.4.0', '0.2.0', ['CK1403']],
    ['0.4.0', '0.5.0', ['CK1403']],
    ['1.2.0', '1.3.0', []],
    ['1.2.0', '1.1.9', ['CK1403']],
    ['1.2.0', '2.0.0', ['CK1403']],
  ])('transformer %s with runtime %s', (own, found, codes) => {
    project = smallProject(installed(found));
    const diagnostics = checkRuntimeVersion(project.file('tsconfig.json'), own);
    expect(diagnostics.map((one) => one.code)).toEqual(codes);
  });

  it('says which versions, and looks above the tsconfig', () => {
    project = smallProject(installed('0.2.0'));
    const [found] = checkRuntimeVersion(project.file('packages/app/tsconfig.json'), '0.4.1');
    expect(found?.message).toBe('@cachekit/transformer 0.4.1 needs cachekit ^0.4.0, found 0.2.0.');
  });

  it('is silent where no runtime is installed', () => {
    project = smallProject({});
    expect(checkRuntimeVersion(project.file('tsconfig.json'), '99.0.0')).toEqual([]);
  });

  it('stands beside the diagnostics of every marked file', () => {
    const load =
      '/** @cache */\nexport async function load(id: number): Promise<number> {\n  return id;\n}\n';
    project = smallProject({ ...installed('99.0.0'), 'load.ts': load });
    const { diagnostics } = openProject({ cwd: project.path }).compile('load.ts');
    expect(diagnostics.map((one) => [one.code, one.file])).toEqual([
      ['CK1403', project.file('tsconfig.json')],
    ]);
  });
});
