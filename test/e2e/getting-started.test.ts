// The page "Getting started", done word by word in an empty project up to the program that it builds.
// Packages are linked in place of `npm i`. The program asks a service that does not exist, so it is not run.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietEnv } from '../helpers/child-env.ts';
import { linkedFolder, type LinkedFolder } from '../helpers/linked-folder.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(repository, 'docs/guide/getting-started.md'), 'utf8');
/** The first block of a language after a heading. */
const block = (heading: string, language: string): string =>
  new RegExp(`^## ${heading}$[\\s\\S]*?^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)?.[1] ?? '';

let root: LinkedFolder;
beforeAll(() => void (root = linkedFolder('getting-started')));
afterAll(() => root.remove());

it('its files build in an empty project', { timeout: 120_000 }, async () => {
  const type = /^npm init .*npm pkg set type=(\w+)$/m.exec(block('1. Install', 'sh'))?.[1] ?? 'commonjs'; // as npm init writes
  const folder = join(root.path, 'app');
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', type }));
  writeFileSync(join(folder, 'tsconfig.json'), block('2. Tell TypeScript', 'jsonc'));
  const program = block('3. Mark a function', 'ts') + block('6. Run', 'ts');
  writeFileSync(join(folder, 'src/main.ts'), program);

  const [, command = ''] = /^npx cachekit (build \S+ \S+)/.exec(block('4. Build', 'sh')) ?? [];
  const cli = join(repository, 'transformer/bin/cachekit.js');
  const built = promisify(execFile)(process.execPath, [cli, ...command.split(' ')], {
    cwd: folder,
    env: quietEnv,
  });
  await expect(built).resolves.toMatchObject({ stdout: '' });
  expect(existsSync(join(folder, 'dist/main.js'))).toBe(true); // what the page runs
});
