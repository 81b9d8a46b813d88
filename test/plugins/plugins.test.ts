// The bundler plugins beyond the e2e builds: watching types, warnings, Vitest's cache.
import * as esbuild from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import esbuildPlugin from '../../plugins/esbuild.ts';
import vitePlugin from '../../plugins/vite.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const load = `import type { Item } from './types.js';
/** @cache */
export async function load(id: number): Promise<Item> {
  return { id } as Item;
}
`;

let project: SmallProject;
afterEach(() => project.remove());

const options = (folder: string) =>
  ({
    absWorkingDir: folder,
    entryPoints: ['load.ts'],
    write: false,
    format: 'esm',
    logLevel: 'silent',
    plugins: [esbuildPlugin({ tsconfig: folder })],
  }) satisfies esbuild.BuildOptions;

describe('esbuild', () => {
  it('compiles again when a type in another file changed', async () => {
    project = smallProject({ 'types.ts': 'export interface Item { id: number }\n', 'load.ts': load });
    const context = await esbuild.context(options(project.path));
    try {
      const before = await context.rebuild();
      project.write('types.ts', 'export interface Item { id: number; label: string }\n');
      const after = await context.rebuild();
      expect(before.outputFiles[0]?.text).not.toContain('label');
      expect(after.outputFiles[0]?.text).toContain('label');
    } finally {
      await context.dispose();
    }
  });

  it('compiles a project without markers without a tsconfig', async () => {
    project = smallProject({ 'load.ts': 'export const one = 1;\n' });
    const { outputFiles } = await esbuild.build({
      ...options(project.path),
      plugins: [esbuildPlugin({ tsconfig: '/nowhere' })],
    });
    expect(outputFiles[0]?.text).toContain('one = 1');
  });
});

describe('vite', () => {
  it('keeps marked modules out of the cache that Vitest has on disk', () => {
    project = smallProject({});
    let generate: ((module: { sourceCode: string }) => unknown) | undefined;
    const plugin = vitePlugin() as { configureVitest?: (context: object) => void };
    plugin.configureVitest?.({
      defineCacheKeyGenerator: (given: typeof generate) => void (generate = given),
    });
    expect(generate?.({ sourceCode: load })).toBe(false);
    expect(generate?.({ sourceCode: 'export const one = 1;' })).toBeNull();
  });

  it('runs before anything else changes the text', () => {
    project = smallProject({});
    expect(vitePlugin()).toMatchObject({ name: 'cachekit', enforce: 'pre' });
  });
});
