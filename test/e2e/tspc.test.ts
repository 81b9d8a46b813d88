// ts-patch over several runs, and the watch modes of `tspc` and `cachekit build`: a type that changes in another file changes
// the code of this one; an error appears, stays and goes.
import { execFile, spawn } from 'node:child_process';
import { symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { quietEnv } from '../helpers/child-env.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const modules = join(repository, 'node_modules');
const tspc = join(modules, 'ts-patch/bin/tspc.js');
const cli = join(repository, 'transformer/bin/cachekit.js');

const types = {
  good: 'export interface Item { id: number }\n',
  wider: 'export interface Item { id: number; label: string }\n',
  bad: 'export interface Item { id: number; call: () => void }\n',
};
const load = `import type { Item } from './types.js';
/** @cache */
export async function load(id: number): Promise<Item> {
  return { id } as Item;
}
`;

function open(options: object): SmallProject {
  const project = smallProject({ 'types.ts': types.good, 'load.ts': load }, options);
  symlinkSync(modules, project.file('node_modules'), 'dir');
  return project;
}

async function run(project: SmallProject, mode: string): Promise<{ code: number; stdout: string }> {
  try {
    const args = [tspc, mode, project.path];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: project.path,
      env: quietEnv,
    });
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }; // what execFile rejects with
    return { code, stdout };
  }
}

/** File systems know times in steps, and a test changes a file sooner than that. */
function change(project: SmallProject, name: string, text: string): void {
  project.write(name, text);
  const later = new Date(Date.now() + 2000);
  utimesSync(project.file(name), later, later);
}

const settings: readonly (readonly [mode: string, options: object])[] = [
  ['-p', { incremental: true, isolatedModules: true }],
  ['-b', { composite: true, verbatimModuleSyntax: true }],
];

describe.concurrent('tspc over several runs', () => {
  it.each(settings)('follows a type in another file: %s %o', async (mode, options) => {
    const project = open(options);
    try {
      expect(await run(project, mode)).toEqual({ code: 0, stdout: '' });
      expect(project.read('dist/load.js')).toContain('$ck.site(');

      change(project, 'types.ts', types.bad);
      const failed = await run(project, mode);
      expect(failed.stdout).toContain('load.ts(3,41): error TS991106: CK1106');
      expect(failed.code).not.toBe(0);
      expect(await run(project, mode)).toEqual(failed);

      change(project, 'types.ts', types.wider);
      expect(await run(project, mode)).toEqual({ code: 0, stdout: '' });
      expect(project.read('dist/load.js')).toContain('label');
    } finally {
      project.remove();
    }
  });
});

const watching: readonly (readonly [name: string, args: readonly string[], options: object])[] = [
  ['tspc --watch, isolatedModules', [tspc, '--watch', '--preserveWatchOutput'], { isolatedModules: true }],
  ['tspc -b --watch', [tspc, '-b', '--watch', '--preserveWatchOutput'], { composite: true }],
  ['cachekit build --watch', [cli, 'build', '--watch', '--preserveWatchOutput'], { isolatedModules: true }],
];

/** Events can come before a watcher listens: a file whose change shows no effect is touched again until it does. */
const TOUCH_EVERY_MS = 1500;

describe.concurrent('watch modes', () => {
  it.each(watching)('follow a type in another file: %s', async (_name, args, options) => {
    const project = open(options);
    const child = spawn(process.execPath, [...args], { cwd: project.path, env: quietEnv });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    try {
      let output = '';
      let heard = () => {};
      const hear = (chunk: Buffer): void => {
        output += chunk.toString();
        heard();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      /** Waits for a round that ends with `errors` and has the text. */
      const round = (errors: number, isThere: () => boolean): Promise<void> =>
        new Promise((resolve, reject) => {
          heard = () => {
            if (output.includes(`Found ${errors} error`) && isThere()) resolve();
          };
          void exited.then((code) => reject(new Error(`it ended with ${String(code)}:\n${output}`)));
          heard();
        });
      const edit = async (text: string, errors: number, isThere: () => boolean): Promise<void> => {
        output = '';
        change(project, 'types.ts', text);
        const timer = setInterval(() => change(project, 'types.ts', text), TOUCH_EVERY_MS);
        await round(errors, isThere).finally(() => clearInterval(timer));
      };
      await round(0, () => project.read('dist/load.js').includes('$ck.site('));
      await edit(types.wider, 0, () => project.read('dist/load.js').includes('label'));
      await edit(types.bad, 1, () => output.includes('CK1106'));
      await edit(types.good, 0, () => !project.read('dist/load.js').includes('label'));
      expect(output).not.toContain('CK1106');
    } finally {
      child.kill();
      await exited;
      project.remove();
    }
  });
});
