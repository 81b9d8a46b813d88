// The packages as npm would publish them: packed, installed into an empty project, loaded, type-checked. Needs a build.
import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['runtime', 'transformer', 'plugins'] as const;
type Folder = (typeof FOLDERS)[number];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifest = (folder: Folder) =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest; // ours
const run = promisify(execFile);
// npm of the shell that started the tests, and no settings of this repository's scripts.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_(?:OPTIONS|ENV|PATH)$|VITEST)/.test(name)),
);

/** Why nothing can be installed; undefined: it can. */
const offline = (() => {
  const { status } = spawnSync('npm', ['ping', '--fetch-timeout=10000', '--fetch-retries=0'], {
    env,
    timeout: 20_000,
  });
  return status === 0 ? undefined : 'the npm registry is not reachable';
})();
if (offline !== undefined) process.stdout.write(`test/package is skipped: ${offline}\n`);

let work: string;
let tarballs: Readonly<Record<Folder, string>>;

async function pack(folder: Folder): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', work], {
    cwd: join(root, folder),
    env,
  });
  const found: unknown = JSON.parse(stdout);
  // npm 11 prints a list, later ones an object by name.
  const [{ filename }] = Object.values(found as object) as [{ filename: string }];
  return join(work, filename);
}

async function project(
  name: string,
  packages: readonly string[],
  files: Readonly<Record<string, string>> = {},
) {
  const folder = join(work, name);
  for (const [file, text] of Object.entries({
    'package.json': JSON.stringify({ name, version: '1.0.0', private: true, type: 'module' }),
    ...files,
  })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
    env,
  });
  return {
    folder,
    has: (path: string) => existsSync(join(folder, 'node_modules', path)),
    async run(command: string, ...args: readonly string[]) {
      const { stdout } = await run(command, [...args], { cwd: folder, env }).catch(
        (error: { stdout?: string; stderr?: string }) => {
          throw new Error(`${command} ${args.join(' ')}\n${error.stdout}${error.stderr}`);
        },
      );
      return stdout.trim();
    },
  };
}

beforeAll(async () => {
  work = mkdtempSync(join(realpathSync(tmpdir()), 'packages-'));
  const packed = await Promise.all(FOLDERS.map(async (folder) => [folder, await pack(folder)] as const));
  tarballs = Object.fromEntries(packed) as Record<Folder, string>; // one for each
}, 120_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.each(FOLDERS)('%s', (folder) => {
  it('has nothing that publint objects to', async () => {
    const { messages, pkg } = await publint({ pkgDir: join(root, folder), strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  it('has types that are those of its code, however it is resolved', async () => {
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarballs[folder])));
    const problems = checked.types === false ? [] : checked.problems;
    expect(checked.types).toEqual({ kind: 'included' });
    // ES modules, which `require` loads since Node 22.12; TypeScript's resolution from before `exports` finds no entries.
    const others = problems.filter(
      (problem) => problem.kind !== 'CJSResolvesToESM' && !JSON.stringify(problem).includes('"node10"'),
    );
    expect(others).toEqual([]);
  });
});

describe.skipIf(offline !== undefined)('the runtime alone', { timeout: 300_000 }, () => {
  let app: Awaited<ReturnType<typeof project>>;
  beforeAll(async () => {
    app = await project('runtime-only', [tarballs.runtime]);
  }, 300_000);

  it('brings no compiler and no bundler', () => {
    expect(['typescript', 'esbuild', 'vite', 'magic-string', '@cachekit'].filter(app.has)).toEqual([]);
  });

  it('loads no other package, until a second tier is used', async () => {
    const loaded = async (entry: string): Promise<unknown> => {
      writeFileSync(
        join(app.folder, 'load.mjs'),
        `
        import { registerHooks } from 'node:module';
        const seen = new Set();
        registerHooks({ load: (url, context, next) => {
          const name = /\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1];
          if (name !== undefined && name !== 'cachekit') seen.add(name);
          return next(url, context);
        } });
        await import(${JSON.stringify(entry)});
        console.log(JSON.stringify([...seen]));
      `,
      );
      return JSON.parse(await app.run('node', 'load.mjs'));
    };
    expect(await loaded('cachekit')).toEqual([]);
    expect(await loaded('cachekit/emit/v1')).toEqual([]);
    expect(await loaded('cachekit/contract')).toEqual([]);
  });
});

describe.skipIf(offline !== undefined)('all three', { timeout: 600_000 }, () => {
  let app: Awaited<ReturnType<typeof project>>;
  beforeAll(async () => {
    const peers = Object.entries(manifest('runtime').peerDependencies ?? {}).map(
      ([name, range]) => `${name}@${range}`,
    );
    app = await project(
      'everything',
      [...Object.values(tarballs), ...peers, 'typescript@~6.0.3', '@types/node@24', 'vite@8'],
      CONSUMER,
    );
  }, 600_000);

  const entries = FOLDERS.flatMap((folder) => {
    const { name, exports } = manifest(folder);
    return Object.keys(exports)
      .filter((path) => !path.endsWith('.json'))
      .map((path) => name + path.slice(1));
  }).filter((entry) => !entry.endsWith('/register')); // changes the process that loads it, and exports nothing

  it.each(entries)('%s loads with import and with require', async (entry) => {
    const text = JSON.stringify(entry);
    writeFileSync(
      join(app.folder, 'both.mjs'),
      `
      import { createRequire } from 'node:module';
      const imported = Object.keys(await import(${text}));
      const required = createRequire(import.meta.url)(${text});
      console.log(JSON.stringify([imported.length, typeof required === 'function' || Object.keys(required).length]));
    `,
    );
    const [imported, required] = JSON.parse(await app.run('node', 'both.mjs')) as [number, number | boolean];
    expect(imported).toBeGreaterThan(0);
    expect(required === true || Number(required) >= imported - 1).toBe(true);
  });

  it.each(['nodenext', 'bundler'])('types check in a strict project: %s', async (resolution) => {
    expect(await app.run('npx', 'tsc', '-p', `tsconfig.${resolution}.json`)).toBe('');
  });

  it('compile, run and verify an application', async () => {
    expect(await app.run('npx', 'cachekit', 'build', '-p', 'tsconfig.json')).toBe('');
    expect(await app.run('npx', 'cachekit', 'verify', 'out')).toBe('1 of 1 site found');
    expect(await app.run('node', 'out/app.js')).toBe('1 1');
    expect(await app.run('npx', 'cachekit', 'doctor')).toMatch(/^ok {3}versions: cachekit/m);
    expect(await app.run('npx', 'cachekit', 'keygen')).toMatch(/^ck1_[\w-]{43}$/);
  });

  it('give tsserver a plugin it can find by its name', async () => {
    const ls = join(app.folder, 'node_modules/@cachekit/transformer/ls.js');
    expect(await app.run('node', '-p', `typeof require(${JSON.stringify(ls)})`)).toBe('function');
  });
});

describe.skipIf(offline !== undefined)('a project with another TypeScript', { timeout: 300_000 }, () => {
  it.each(['5.9', '7.0'])('keeps its own tsc: %s', async (version) => {
    const app = await project(`typescript-${version}`, [
      ...Object.values(tarballs),
      `typescript@~${version}.0`,
    ]);
    expect(await app.run('npx', 'tsc', '-v')).toContain(`Version ${version}.`);
    const own = JSON.parse(
      await app
        .run('npx', 'cachekit', 'doctor', '--json')
        .catch((error: Error) => error.message.slice(error.message.indexOf('{'))),
    ) as {
      checks: { name: string; status: string }[];
    };
    expect(own.checks).toContainEqual(
      expect.objectContaining({ status: 'ok', name: expect.stringMatching(/^TypeScript 6\.0\./) }),
    );
    expect(own.checks).toContainEqual(
      expect.objectContaining({ status: 'note', name: expect.stringContaining(`TypeScript ${version}.`) }),
    );
  });
});

describe.skipIf(offline !== undefined)('Yarn without node_modules', { timeout: 600_000 }, () => {
  it('installs without complaint, compiles, and runs', async () => {
    const { folder: tool } = await project('yarn', ['@yarnpkg/cli-dist@4']);
    const folder = join(work, 'plug-n-play');
    const dependencies = {
      ...Object.fromEntries(FOLDERS.map((one) => [manifest(one).name, tarballs[one]])),
      typescript: '~6.0.3',
      '@types/node': '^24',
    };
    const files = {
      'package.json': JSON.stringify({
        name: 'app',
        type: 'module',
        dependencies,
        resolutions: dependencies,
      }),
      '.yarnrc.yml': 'nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\n',
      'yarn.lock': '',
      'tsconfig.json': CONSUMER['tsconfig.json'],
      'app.ts': CONSUMER['app.ts'],
      'thread.cjs': `const { Worker } = require('node:worker_threads');
const file = require.resolve('cachekit/package.json').replace('package.json', 'dist/adapters/embedded/writer.js');
new Worker(file, { execArgv: [], env: {} })
  .on('error', (error) => console.log(error.message))
  .on('exit', (code) => console.log('ended with', code));
`,
    };
    mkdirSync(folder);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text ?? '');
    const yarn = async (...args: readonly string[]) => {
      const bin = join(tool, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js');
      const { stdout } = await run(process.execPath, [bin, ...args], { cwd: folder, env });
      return stdout.trim();
    };
    // YN0002 and YN0086: a package that is needed, and that its user does not bring.
    expect(await yarn('install', '--no-immutable')).not.toMatch(/YN0002|YN0086/);
    expect(await yarn('cachekit', 'build', '-p', 'tsconfig.json')).toBe('');
    expect(await yarn('node', 'out/app.js')).toBe('1 1');
    expect(await yarn('cachekit', 'doctor')).toMatch(/^ok {3}versions: cachekit/m);
    // The thread of the embedded store has no loader of Yarn, so its file is not in an archive.
    expect(await yarn('node', 'thread.cjs')).toBe('ended with 0');
  });
});

const strict = (options: object, file: string) =>
  JSON.stringify({
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: 'es2024',
      lib: ['es2024'],
      types: ['node'],
      ...options,
    },
    files: [file],
  });

/** A user of each package, and a small application. */
const CONSUMER: Readonly<Record<string, string>> = {
  'tsconfig.nodenext.json': strict({ module: 'nodenext', noEmit: true, skipLibCheck: true }, 'use.ts'),
  'tsconfig.bundler.json': strict(
    { module: 'esnext', moduleResolution: 'bundler', noEmit: true, skipLibCheck: true },
    'use.ts',
  ),
  'tsconfig.json': strict({ module: 'nodenext', outDir: 'out' }, 'app.ts'),
  'use.ts': `import { cached, cacheOf, configure, type Backend, type CacheHandle } from 'cachekit';
import { redisBackend } from 'cachekit/redis';
import { manualClock } from 'cachekit/testing';
import { openProject, type CompiledFile } from '@cachekit/transformer';
import vite from '@cachekit/plugins/vite';
import type { Plugin } from 'vite';

const load = cached(async (id: number): Promise<Date> => new Date(id), { ttl: '5m', name: 'load' });
const handle: CacheHandle<(id: number) => Promise<Date>> = cacheOf(load);
const backend: Backend = redisBackend('redis://localhost');
configure({ backend, clock: manualClock() });
const plugin: Plugin = vite();
const compiled: CompiledFile = openProject().compile('use.ts');
export const all = [handle.id, plugin.name, compiled.code];
// @ts-expect-error a duration has a unit of ours
export const wrong = cached(async () => 1, { ttl: '5 parsecs' });
`,
  'app.ts': `import { close } from 'cachekit';
let runs = 0;
/**
 * @cache ttl=5m backend=memory
 * @cacheAllow CK2003 runs are counted
 */
export async function load(id: number): Promise<number> {
  runs++;
  return id;
}
console.log((await load(1)) * (await load(1)), runs);
await close();
`,
};
