// Modules that say exactly what they are: `verbatimModuleSyntax` in ES modules and in CommonJS, where `import x = require()` and
// `export =` are all there is; with `#!`, directives and comments in front.
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { quietEnv } from '../helpers/child-env.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const modules = join(repository, 'node_modules');
const compilers = {
  'cachekit build': [join(repository, 'transformer/bin/cachekit.js'), 'build'],
  'tspc -p': [join(modules, 'ts-patch/bin/tspc.js'), '-p', '.'],
};

const FILES = {
  'names.cts': `interface Name { first: string; at: Date }
let runs = 0;
const counted = (): number => ++runs;
export = { counted, label: (name: Name): string => \`\${name.first} \${name.at.getTime()}\`, runs: (): number => runs };
`,
  'load.cts': `#!/usr/bin/env node
'use strict';
// the first function
import names = require('./names.cjs');
import util = require('node:util');

/** @cache */
const load = async (id: number): Promise<{ text: string; at: Date }> => {
  const runs = names.counted();
  return { text: util.format('%d ran %d', id, runs), at: new Date(id) };
};

/** @cache */
async function label(id: number): Promise<string> {
  names.counted();
  return names.label({ first: \`n\${id}\`, at: (await load(id)).at });
}

export = { load, label };
`,
  'plain.mts': `import names from './names.cjs';
import type { Item } from './types.mjs';
/** @cache */
export const item = async (id: number): Promise<Item> => {
  names.counted();
  return { id, at: new Date(id) };
};
`,
  'types.mts': 'export interface Item { id: number; at: Date }\n',
  'main.mts': `import { createRequire } from 'node:module';
import { item } from './plain.mjs';
const require = createRequire(import.meta.url);
const { load, label } = require('./load.cjs') as typeof import('./load.cjs');
const { runs } = require('./names.cjs') as typeof import('./names.cjs');
const round = async () => [await load(1), await load(2), await label(1), await item(3)];
const both = [await round(), await round()];
process.stdout.write(JSON.stringify({ both, runs: runs() }));
`,
};

let project: SmallProject;
afterEach(() => project.remove());

it.each(Object.entries(compilers))('is cached in ES modules and in CommonJS: %s', (_name, args) => {
  project = smallProject(FILES, {
    target: 'es2024',
    lib: ['es2024'],
    types: ['node'],
    verbatimModuleSyntax: true,
  });
  project.write('tsconfig.json', project.read('tsconfig.json').replace('"*.ts"', '"*.mts","*.cts"'));
  symlinkSync(modules, project.file('node_modules'), 'dir');
  const node = (...all: readonly string[]) =>
    execFileSync(process.execPath, all, { cwd: project.path, env: quietEnv, encoding: 'utf8' });
  expect(node(...args)).toBe('');
  const commonJs = readFileSync(project.file('dist/load.cjs'), 'utf8');
  expect(commonJs.startsWith("#!/usr/bin/env node\n'use strict';")).toBe(true);
  const round = [
    { text: '1 ran 1', at: new Date(1).toJSON() },
    { text: '2 ran 2', at: new Date(2).toJSON() },
    'n1 1',
    { id: 3, at: new Date(3).toJSON() },
  ];
  expect(JSON.parse(node('dist/main.mjs'))).toEqual({ both: [round, round], runs: 4 });
});
