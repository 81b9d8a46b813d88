// The commands around the compiler, each as a process of its own: what they print, what they change, how they end.
// The built command, as users run it: `npm run build` first.
import { spawn, spawnSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { parseMasterKey } from '../../../runtime/crypto/master-key.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const good = `/** @cache ttl=5m */
export async function report(id: number): Promise<Date> {
  return new Date(id);
}
/** @cache */
export async function other(id: number): Promise<number> {
  return id;
}
`;

let project: SmallProject;
afterEach(() => project.remove());

const node = [`${root}transformer/bin/cachekit.js`];
const environment = (extra: NodeJS.ProcessEnv) => ({
  PATH: process.env['PATH'],
  NODE_NO_WARNINGS: '1',
  ...extra,
});

function cli(
  args: readonly string[],
  {
    input = '',
    env = {},
    folder = '',
  }: { input?: string | Buffer; env?: NodeJS.ProcessEnv; folder?: string } = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
    cwd: project.file(folder),
    encoding: 'utf8',
    input,
    env: environment(env),
  });
  return { code: status, stdout, stderr };
}

/** With the packages of this repository installed. */
function linkedProject(files: Readonly<Record<string, string>>, compilerOptions: object = {}): SmallProject {
  const made = smallProject(files, compilerOptions);
  symlinkSync(`${root}node_modules`, made.file('node_modules'));
  return made;
}

it('a reader that has seen enough ends it without a word', () => {
  project = smallProject({ 'good.ts': good });
  const shell = `"${process.execPath}" "${node[0]}" ls | true; echo \${PIPESTATUS[0]}`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', shell], {
    cwd: project.path,
    encoding: 'utf8',
    env: environment({}),
  });
  expect([stdout, stderr]).toEqual(['0\n', '']);
});

describe('keygen', () => {
  it('prints a key that is accepted, another each time', () => {
    project = smallProject({});
    const first = cli(['keygen']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^ck1_[\w-]{43}\n$/);
    expect(parseMasterKey(first.stdout).type).toBe('secret');
    const { version, key } = JSON.parse(cli(['keygen', '--json']).stdout) as { version: number; key: string };
    expect([version, key === first.stdout.trim()]).toEqual([1, false]);
  });
});

describe('verify', { timeout: 120_000 }, () => {
  const build = () => expect(cli(['build'])).toMatchObject({ code: 0 });

  it('finds every site of a build', () => {
    project = linkedProject({ 'good.ts': good });
    build();
    expect(cli(['verify', 'dist'])).toEqual({ code: 0, stdout: '2 of 2 sites found\n', stderr: '' });
    expect(JSON.parse(cli(['verify', 'dist', '--json']).stdout)).toMatchObject({
      version: 1,
      found: 2,
      sites: [{ id: 'small/good#report', place: 'good.ts#report', state: 'found' }, {}],
    });
  });

  it('ends with 1 when a module that is there lost its site', () => {
    project = linkedProject({ 'good.ts': good });
    build();
    project.write('dist/good.js', project.read('dist/good.js').replace('"small/good#other"', '"another"'));
    const { code, stdout } = cli(['verify', 'dist']);
    expect(code).toBe(1);
    expect(stdout).toContain("error CK1406: Marked 'other' is in the output without its cache");
    expect(stdout).toContain('or the plugin in every part of the build');
    expect(stdout.split('\n').at(-2)).toBe(
      '1 of 2 sites found; missing good.ts#other (its code is there, uncached: it was never transformed)',
    );
    expect(JSON.parse(cli(['verify', 'dist', '--json']).stdout)).toMatchObject({
      diagnostics: [{ code: 'CK1406', severity: 'error', file: 'good.ts' }],
    });
  });

  it('ends with 1 when the code is not that of the sources, also minified', () => {
    project = linkedProject({ 'good.ts': good });
    build();
    const form = { bundle: true, minify: true, format: 'esm', packages: 'external' } as const;
    buildSync({
      ...form,
      entryPoints: [project.file('dist/good.js')],
      outfile: project.file('dist/bundle.js'),
    });
    rmSync(project.file('dist/good.js'));
    expect(cli(['verify', 'dist'])).toMatchObject({ code: 0, stdout: '2 of 2 sites found\n' });
    project.write('good.ts', good.replace('return id;', 'return id + 1;'));
    expect(cli(['verify', 'dist'])).toMatchObject({
      code: 1,
      stdout:
        '2 of 2 sites found; stale good.ts#other (made from other code than the sources have now: build again)\n',
    });
    expect(JSON.parse(cli(['verify', 'dist', '--json']).stdout)).toMatchObject({
      sites: [{ state: 'found' }, { id: 'small/good#other', state: 'stale' }],
    });
  });

  it('ends with 1 when nothing is cached', () => {
    project = linkedProject({ 'good.ts': good, 'dist/bundle.js': 'console.log(1);\n' });
    const { code, stdout } = cli(['verify', 'dist']);
    expect(code).toBe(1);
    expect(stdout).toContain('0 of 2 sites found; missing good.ts#report (tree-shaken or never transformed)');
    expect(stdout).toContain('was it built without cachekit?');
  });

  it('knows from the source map what was tree-shaken and what was lost', () => {
    project = linkedProject({ 'good.ts': good });
    build();
    const descriptor = /\{ v: 1, id: "small\/good#report".*/.exec(project.read('dist/good.js'))?.[0] ?? '';
    rmSync(project.file('dist/good.js'));
    const map = (mappings: string) => ({ version: 3, sources: ['../good.ts'], names: [], mappings });
    const bundle = (mappings: string) =>
      `const a=${descriptor.replace(/\); \}$/, '')};\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map(mappings))).toString('base64')}\n`;
    // Line 3 of the source only: the body of `report`.
    project.write('dist/bundle.js', bundle('AAEA'));
    expect(cli(['verify', 'dist'])).toMatchObject({
      code: 0,
      stdout: '1 of 2 sites found; missing good.ts#other (tree-shaken)\n',
    });
    // Lines 3 and 7: the body of `other` too.
    project.write('dist/bundle.js', bundle('AAEA,CAIA'));
    expect(cli(['verify', 'dist'])).toMatchObject({ code: 1 });
  });

  it('finds ids that a bundler has escaped', () => {
    project = linkedProject({ 'good.ts': good.replaceAll('report', 'météo') });
    build();
    const text = project.read('dist/good.js');
    const escaped = text.replace('"small/good#météo"', "'small/good#m\\xE9t\\u00e9o'");
    project.write('dist/good.js', escaped.replace('"small/good#other"', '`small/good#other`'));
    expect(escaped).not.toBe(text);
    expect(cli(['verify', 'dist'])).toMatchObject({ code: 0, stdout: '2 of 2 sites found\n' });
  });

  const named = `${good.replace('/** @cache */', String.raw`/** @cache name="a\x41 'b'" */`)}
import { cached } from 'cachekit';
export const third = cached(async (id: number): Promise<number> => id, { name: 'third', tags: ['id:all'] });
`;

  it('finds names with characters that a literal escapes', () => {
    project = linkedProject({ 'good.ts': named }, { skipLibCheck: true });
    build();
    expect(cli(['verify', 'dist'])).toMatchObject({ code: 0, stdout: '3 of 3 sites found\n' });
  });

  it('does not take a name in a comment or in options for a cached function', () => {
    project = linkedProject({ 'good.ts': named });
    spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', project.path]);
    expect(project.read('dist/good.js')).toContain(`name="a\\x41 'b'"`);
    const { code, stdout } = cli(['verify', 'dist']);
    expect(code).toBe(1);
    expect(stdout).toContain('\n0 of 3 sites found; ');
  });

  it('ends with 2 where there are no sources, as in the image of a deployment', () => {
    project = linkedProject({ 'good.ts': good });
    build();
    rmSync(project.file('good.ts'));
    for (const command of [['verify', 'dist'], ['check'], ['ls']])
      expect(cli(command)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('tsconfig.json lists no source file that is there'),
      });
  });

  it('ends with 2 where there is no output', () => {
    project = linkedProject({ 'good.ts': good, 'dist/readme.txt': '' });
    expect(cli(['verify', 'dist'])).toMatchObject({ code: 2 });
    expect(cli(['verify'])).toMatchObject({ code: 2 });
  });
});

describe('doctor', { timeout: 120_000 }, () => {
  it('says what is fine and what holds', () => {
    project = linkedProject({ 'good.ts': good });
    const { code, stdout } = cli(['doctor'], {
      env: { CACHEKIT_BACKEND: 'memory', CACHEKIT_DEFAULT_TTL: '60' },
    });
    expect(stdout).toMatch(/^ok {3}Node\.js \d/m);
    expect(stdout).toMatch(/^ok {3}TypeScript 6\.0\.\d+: for cachekit itself$/m);
    expect(stdout).toMatch(/^ok {3}ts-patch 4\.0\.1$/m);
    expect(stdout).toMatch(/^ok {3}plugin entry: .*tsconfig\.json$/m);
    expect(stdout).toMatch(/^ok {3}versions: cachekit \d\S+, @cachekit\/transformer \d\S+$/m);
    expect(stdout).toMatch(/^ok {3}backend memory/m);
    expect(stdout).toMatch(/^note master key: not set/m);
    expect(stdout).toMatch(/^ {2}defaults\.ttl +1m \(environment\)$/m);
    expect(code).toBe(0);
  });

  it('ends with 1 for each thing that is wrong', () => {
    project = linkedProject({
      'vite.config.ts': `import cachekit from '@cachekit/plugins/vite';
import { defineConfig } from 'vite';
export default defineConfig({
  plugins: [
    other(),
    cachekit(),
  ],
});
`,
    });
    project.write(
      'tsconfig.json',
      project
        .read('tsconfig.json')
        .replace('"transformProgram":true', '"transformProgram":true,"namspace":"x"'),
    );
    const env = { CACHEKIT_REDIS_URL: 'redis://127.0.0.1:1', CACHEKIT_MASTER_KEY: 'short' };
    const { code, stdout } = cli(['doctor'], { env });
    expect(stdout).toMatch(/^fail plugin order: vite\.config\.ts:6 cachekit\(\) stands behind other\(\)/m);
    expect(stdout).toMatch(/^fail options: CK1408: Unknown option 'namspace'/m);
    expect(stdout).toMatch(/^fail backend redis\S* .*does not answer/m);
    expect(stdout).toMatch(/^fail master key: CACHEKIT_MASTER_KEY: The master key is not/m);
    expect(stdout).not.toContain('short');
    expect(code).toBe(1);
  });

  it('says that the plugin is imported by a name it does not have, and init changes it', () => {
    const config = (names: string) =>
      `import ${names} from '@cachekit/plugins/vite';\nexport default { plugins: [cachekit()] };\n`;
    project = linkedProject({ 'vite.config.ts': config('{ cachekit }') });
    const said = () => cli(['doctor'], { env: { CACHEKIT_BACKEND: 'memory' } }).stdout;
    expect(said()).toMatch(
      /^fail plugin import: vite\.config\.ts:1 .* import cachekit from '@cachekit\/plugins\/vite'\. /m,
    );
    expect(cli(['init', '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(project.read('vite.config.ts')).toBe(config('cachekit'));
    expect(said()).toMatch(/^ok {3}plugin order/m);
  });

  it('runs the application with --import, and takes what it configures', () => {
    project = linkedProject({
      'app.ts': `import { configure } from 'cachekit';\nconfigure({ backend: 'none', keyPrefix: 'mine' });\n`,
    });
    const { settings } = JSON.parse(cli(['doctor', '--import', 'app.ts', '--json']).stdout) as {
      settings: object[];
    };
    expect(settings).toContainEqual({ name: 'keyPrefix', value: 'mine', source: 'code' });
    expect(cli(['doctor', '--import', 'missing.ts'])).toMatchObject({ code: 2 });
  });

  it('says that ts-patch cannot run in TypeScript 7, and which versions do not fit', () => {
    const installed = (name: string, version: string, more = {}) => ({
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version, ...more }),
    });
    project = smallProject({
      ...installed('typescript', '7.0.2'),
      ...installed('ts-patch', '4.0.1'),
      ...installed('cachekit', '99.0.0', { exports: {} }),
    });
    const { code, stdout } = cli(['doctor'], { env: { CACHEKIT_BACKEND: 'memory' } });
    expect(stdout).toMatch(/^note the project's TypeScript 7\.0\.2: its tsc ignores the plugin entry/m);
    expect(stdout).toMatch(/^fail ts-patch 4\.0\.1: CK1402: it runs in TypeScript 7\.0\.2/m);
    expect(stdout).toMatch(/^fail versions: CK1403: .* found 99\.0\.0/m);
    expect(code).toBe(1);
  });
});

describe('doctor of a tsconfig that only references others', { timeout: 120_000 }, () => {
  it('says that the entry in it has no effect', () => {
    const entry = '{ "transform": "@cachekit/transformer", "transformProgram": true }';
    project = linkedProject({
      'tsconfig.json': `{ "files": [], "references": [{ "path": "./tsconfig.app.json" }], "compilerOptions": { "plugins": [${entry}] } }`,
      'tsconfig.app.json': '{ "compilerOptions": { "strict": true }, "include": ["src"] }',
      'src/a.ts': good,
    });
    const { stdout } = cli(['doctor']);
    expect(stdout).toMatch(/^note plugin entry: .*tsconfig\.json has none/m);
    expect(stdout).toMatch(/^note plugin entry: the one in .*tsconfig\.json has no effect/m);
  });
});

describe('init', { timeout: 120_000 }, () => {
  const tsconfig = `{
  // Strict, of course.
  "compilerOptions": {
    "strict": true, /* always */
    "module": "nodenext"
  }
}
`;
  const vite = `import { defineConfig } from 'vite';
import react from '@vitejs/plugin-react';

// Ours.
export default defineConfig({
  plugins: [react()],
});
`;

  it('shows the changes, and changes nothing on "no"', () => {
    project = linkedProject({ 'tsconfig.json': tsconfig, 'vite.config.ts': vite });
    for (const input of ['n\n', '']) {
      const { code, stdout } = cli(['init', '--host', 'vite'], { input });
      expect(code).toBe(1);
      expect(stdout).toContain('+ import cachekit from');
      expect(stdout).toContain('Nothing was changed.');
      expect([project.read('tsconfig.json'), project.read('vite.config.ts')]).toEqual([tsconfig, vite]);
    }
  });

  it('edits tsconfig and Vite on "yes", keeps everything else, and is done after that', () => {
    project = linkedProject({ 'tsconfig.json': tsconfig, 'vite.config.ts': vite });
    expect(cli(['init', '--host', 'vite'], { input: 'y\n' })).toMatchObject({ code: 0, stderr: '' });
    const edited = [project.read('tsconfig.json'), project.read('vite.config.ts')];
    expect(edited).toEqual([
      `{
  // Strict, of course.
  "compilerOptions": {
    "strict": true, /* always */
    "module": "nodenext",
    "plugins": [{ "name": "@cachekit/transformer/ls" }]
  }
}
`,
      `import cachekit from '@cachekit/plugins/vite';
import { defineConfig } from 'vite';
import react from '@vitejs/plugin-react';

// Ours.
export default defineConfig({
  plugins: [cachekit(), react()],
});
`,
    ]);
    const { code, stdout } = cli(['init', '--host', 'vite']);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'Nothing to change: vite is set up.']);
    expect([project.read('tsconfig.json'), project.read('vite.config.ts')]).toEqual(edited);
  });

  it('keeps the line ends of Windows, and a BOM', () => {
    const ofWindows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    project = linkedProject({ 'tsconfig.json': ofWindows(tsconfig), 'vite.config.ts': ofWindows(vite) });
    expect(cli(['init', '--host', 'vite', '--yes'])).toMatchObject({ code: 0, stderr: '' });
    for (const file of ['tsconfig.json', 'vite.config.ts']) {
      expect(project.read(file)).toContain('cachekit');
      expect(project.read(file)).not.toMatch(/[^\r]\n/);
      expect(project.read(file).lastIndexOf('\uFEFF')).toBe(0);
    }
  });

  it('edits an esbuild script', () => {
    project = linkedProject({
      'tsconfig.json': tsconfig,
      'scripts/build.mjs': `import * as esbuild from 'esbuild';\nawait esbuild.build({ entryPoints: ['a.ts'] });\n`,
    });
    expect(cli(['init', '--yes'])).toMatchObject({ code: 0 });
    expect(project.read('scripts/build.mjs')).toBe(
      `import cachekit from '@cachekit/plugins/esbuild';
import * as esbuild from 'esbuild';
await esbuild.build({ entryPoints: ['a.ts'], plugins: [cachekit()] });
`,
    );
    expect(cli(['init', '--host', 'esbuild']).stdout).toContain('Nothing to change');
  });

  it.each([
    ['build', 'cachekit build -p . && node dist/a.js', '"plugins": [{ "name": "@cachekit/transformer/ls" }]'],
    [
      'ts-patch',
      'tspc -p . && node dist/a.js',
      '"plugins": [{ "name": "@cachekit/transformer/ls", "transform": "@cachekit/transformer", "transformProgram": true }]',
    ],
    [
      'register',
      'tsc -p . && node --import @cachekit/plugins/register src/a.ts',
      '"plugins": [{ "name": "@cachekit/transformer/ls" }]',
      'src/a.ts',
    ],
  ])('edits the scripts of package.json: %s', (host, script, entry, main = 'dist/a.js') => {
    project = linkedProject({
      'tsconfig.json': tsconfig,
      'package.json': `{\n  "name": "app",\n  "scripts": {\n    "build": "tsc -p . && node ${main}",\n    "types": "tsc --noEmit"\n  }\n}\n`,
    });
    const { code, stdout } = cli(['init', '--host', host, '--yes', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      host,
      changed: ['tsconfig.json', 'package.json'],
    });
    expect(project.read('package.json')).toContain(`"build": "${script}",\n    "types": "tsc --noEmit"`);
    expect(project.read('tsconfig.json')).toContain(entry);
    expect(JSON.parse(cli(['init', '--host', host, '--yes', '--json']).stdout)).toMatchObject({
      changed: [],
    });
  });

  it.each([
    ['nuxt.config.ts', 'vite.md#nuxt'],
    ['astro.config.mjs', 'vite.md#sveltekit-astro-react-router-tanstack-start'],
    ['next.config.mjs', 'webpack.md#nextjs'],
    ['webpack.config.cjs', 'webpack.md'],
  ])('adds the entry and names the page of the tool that has a %s', (config, page) => {
    project = linkedProject({
      'tsconfig.json': tsconfig,
      [config]: 'export default {};\n',
      'rollup.config.js': '',
    });
    const { code, stdout } = cli(['init', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain(`next: add cachekit() to ${config}, as docs/guide/hosts/${page} shows\n`);
    expect(stdout).not.toContain('cachekit build');
    expect(project.read('tsconfig.json')).toContain('"plugins": [{ "name": "@cachekit/transformer/ls" }]');
    expect(cli(['init']).stdout).toContain('Nothing to change: tsconfig.json is set up.');
  });

  it('keeps the plugins that a tsconfig has from the one it extends', () => {
    const base = (plugins: readonly object[]) => JSON.stringify({ compilerOptions: { plugins } });
    const child = '{ "extends": "./base.json", "compilerOptions": { "strict": true } }\n';
    const ours = { name: '@cachekit/transformer/ls', namespace: 'shop', profiles: { slow: { ttl: '1d' } } };
    project = linkedProject({
      'tsconfig.json': child,
      'base.json': base([{ name: 'next' }, ours]),
      'a.ts': good,
    });
    const before = cli(['ls']).stdout;
    expect(cli(['init', '--host', 'vite', '--yes'])).toMatchObject({ code: 0 });
    expect(project.read('tsconfig.json')).toBe(child);
    expect(cli(['init', '--host', 'ts-patch', '--yes'])).toMatchObject({ code: 0 });
    expect(JSON.parse(project.read('tsconfig.json'))).toMatchObject({
      compilerOptions: {
        strict: true,
        plugins: [{ name: 'next' }, { ...ours, transform: '@cachekit/transformer', transformProgram: true }],
      },
    });
    expect(cli(['ls']).stdout).toBe(before);
  });

  it('edits the tsconfigs that compile something, where the first one only references them', () => {
    const solution =
      '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./tsconfig.node.json" }] }\n';
    const of = (include: string) =>
      `{ "compilerOptions": { "strict": true, "noEmit": true }, "include": ["${include}"] }\n`;
    project = linkedProject({
      'tsconfig.json': solution,
      'tsconfig.app.json': of('src'),
      'tsconfig.node.json': of('vite.config.ts'),
      'src/a.ts': good,
      'package.json': '{ "name": "app" }',
      'vite.config.ts': vite,
    });
    const { code, stdout } = cli(['init', '--host', 'ts-patch', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('next: npx tspc -b tsconfig.json\n');
    expect(project.read('tsconfig.json')).toBe(solution);
    expect(project.read('tsconfig.app.json')).toContain('"transformProgram": true');
    expect(project.read('tsconfig.node.json')).toBe(of('vite.config.ts'));
    expect(cli(['doctor']).stdout).toMatch(/^ok {3}plugin entry: .*tsconfig\.app\.json$/m);
    expect(cli(['init', '--host', 'ts-patch']).stdout).toContain('Nothing to change');
  });

  it('finds ts-patch in the folder above, where a monorepo has it', () => {
    project = linkedProject({ 'app/package.json': '{ "name": "app" }', 'app/tsconfig.json': tsconfig });
    const { stdout } = cli(['init', '--yes', '--json'], { folder: 'app' });
    expect(JSON.parse(stdout)).toMatchObject({ host: 'ts-patch', changed: ['tsconfig.json'] });
  });

  it('ends with 2 where it finds no place for an edit', () => {
    project = linkedProject({ 'tsconfig.json': tsconfig, 'vite.config.ts': 'export default make();\n' });
    expect(cli(['init', '--host', 'vite', '--yes'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('by hand'),
    });
    expect(cli(['init', '--host', 'esbuild', '--yes'])).toMatchObject({ code: 2 });
    expect(cli(['init', '--host', 'grunt'])).toMatchObject({ code: 2 });
    expect(project.read('tsconfig.json')).toBe(tsconfig);
  });
});

describe('check --watch', () => {
  it('checks again after each change', async () => {
    project = linkedProject({ 'good.ts': good });
    const child = spawn(process.execPath, [...node, 'check', '--watch'], {
      cwd: project.path,
      env: environment({}),
    });
    let output = '';
    const until = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => (output.includes(text) ? resolve() : undefined);
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`ended with: ${output}`)));
        look();
      });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    /** A watcher may miss what happens while it begins: written again until it is seen. */
    const edit = async (name: string, seen: string): Promise<void> => {
      const write = (): void => project.write(name, good.replace('ttl=5m', 'tll=5m'));
      write();
      const again = setInterval(write, 1500);
      await until(seen).finally(() => clearInterval(again));
    };
    try {
      await until('0 errors, 0 warnings; 2 functions cached');
      await edit('good.ts', '1 error, 0 warnings; 1 function cached');
      await edit('more.ts', '2 errors');
      expect(output).toMatch(/^more\.ts:1:12 error CK1002/m);
    } finally {
      child.removeAllListeners('close');
      child.kill();
    }
  });
});
