// A small user project in a temp folder: written, compiled by `cachekit build`, run as a process of its own. It uses the
// built packages, as users do: `npm run build` first.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../transformer/cli/run-cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface TempApp {
  readonly folder: string;
  readonly write: (file: string, text: string) => void;
  /** `cachekit build`; throws with its output when it fails. */
  readonly build: () => void;
  /** Runs a compiled file to its end and parses the last line of its output as JSON. */
  readonly run: <T>(file: string, env?: NodeJS.ProcessEnv) => T;
  /** Starts a compiled file; the caller ends it. */
  readonly start: (file: string, env?: NodeJS.ProcessEnv) => ChildProcess;
  readonly remove: () => void;
}

export function tempApp(files: Readonly<Record<string, string>>): TempApp {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-app-'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  write('package.json', JSON.stringify({ name: 'temp-app', version: '1.0.0', type: 'module' }));
  write('tsconfig.json', JSON.stringify(TSCONFIG));
  for (const [file, text] of Object.entries(files)) write(file, text);
  return {
    folder,
    write,
    build() {
      let output = '';
      const add = (text: string): void => void (output += `${text}\n`);
      const context = { cwd: folder, colour: false, print: add, error: add, write: add };
      const exitCode = runCli(['build', '-p', 'tsconfig.json'], context);
      if (exitCode !== 0) throw new Error(`cachekit build failed:\n${output}`);
    },
    run<T>(file: string, env: NodeJS.ProcessEnv = {}): T {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join('out', file)], {
        cwd: folder,
        encoding: 'utf8',
        env: environment(env),
      });
      if (status !== 0) throw new Error(`${file} ended with ${status}:\n${stdout}${stderr}`);
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
    },
    start: (file, env = {}) =>
      spawn(process.execPath, [join('out', file)], {
        cwd: folder,
        env: environment(env),
        stdio: 'pipe',
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };

  /** Not a test run as the runtime sees it: the app behaves as it would for a user. */
  function environment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const { PATH, HOME } = process.env;
    return { PATH, HOME, NODE_ENV: 'production', CACHEKIT_PATH: join(folder, 'store'), ...extra };
  }
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    rewriteRelativeImportExtensions: true,
    rootDir: 'src',
    outDir: 'out',
    plugins: [{ transform: '@cachekit/transformer', transformProgram: true }],
  },
  include: ['src'],
};
