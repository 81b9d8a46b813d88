// Errors fail a test file under Jest in both module systems. ts-jest drops all errors of ES modules that Jest loads
// synchronously, as it does from Node 24.9 on. Run `npm run build` first.
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { childEnv } from '../helpers/child-env.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

let project: SmallProject;
afterEach(() => project.remove());

it.each([
  ['ES modules', { useESM: true, extensionsToTreatAsEsm: ['.ts'] }],
  ['CommonJS', { useESM: false }],
])(
  'of %s',
  (_, { useESM, ...config }) => {
    const tsJest = ['ts-jest', { compiler: 'ts-patch/compiler', useESM }];
    project = smallProject(
      {
        'jest.config.json': JSON.stringify({ ...config, transform: { '^.+\\.ts$': tsJest } }),
        'load.ts': `/** @cache */
export async function load(id: number): Promise<() => number> {
  return () => id;
}
export const text: string = 1;
`,
        'load.test.ts': `import { expect, test } from '@jest/globals';
import { load } from './load.ts';
test('runs', async () => expect((await load(1))()).toBe(1));
`,
      },
      {
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['es2022'],
        types: ['node'],
        allowImportingTsExtensions: true,
        noEmit: true,
        skipLibCheck: true,
      },
    );
    symlinkSync(modules, project.file('node_modules'), 'dir');
    const args = ['--experimental-vm-modules', join(modules, 'jest/bin/jest.js'), '--no-cache', '-i'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: project.path,
      encoding: 'utf8',
      env: childEnv,
    });
    const text = stripVTControlCharacters(stderr);
    expect(text).toContain('Test suite failed to run');
    expect(text).toMatch(
      /load\.ts:2:41 - error TS991106: CK1106: The result is a function .* Return the data that it gives/,
    );
    expect(text).toMatch(/load\.ts:5:14 - error TS2322/);
    expect(status).toBe(1);
  },
  120_000,
);
