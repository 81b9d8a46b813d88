// `cachekit dev -- COMMAND`: runs the user's program with the dev view, and gives it a manifest of its cached
// functions.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createManifest } from '../4-check/manifest.ts';
import { positionAt } from '../diagnostics/position.ts';
import { configPath, findConfigAbove } from '../host/project/read-config.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { compileAll, readText } from './compile-all.ts';
import { resolveFrom } from './import-runtime.ts';

const REGISTER = 'cachekit/dev/register';
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface DevOptions {
  readonly tsconfig: string | undefined;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/** @returns the exit code of the program. */
export async function dev({ tsconfig, command }: DevOptions, context: CliContext): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined) throw new UsageError('dev needs a command: cachekit dev -- node dist/main.js.');
  const hook = resolveFrom(context.cwd, REGISTER) ?? resolveFrom(import.meta.dirname, REGISTER);
  if (hook === undefined) throw new Error(`The package cachekit is not installed in ${context.cwd}.`);
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-dev-'));
  try {
    const manifest = join(folder, 'cachekit.manifest.json');
    writeFileSync(manifest, manifestText(tsconfig, context));
    return await runProgram(program, args, environment(context, hook, manifest), context);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function manifestText(tsconfig: string | undefined, context: CliContext): string {
  const config = tsconfig === undefined ? findConfigAbove(context.cwd) : configPath(tsconfig, context.cwd);
  const { plans, writers } = compileAll(tsconfig, context);
  const manifest = createManifest(plans, writers, {
    fileOf: (file) =>
      relative(config === undefined ? context.cwd : dirname(config), file).replaceAll('\\', '/'),
    lineAt: (file, offset) => positionAt(readText(file) ?? '', offset).line,
  });
  return JSON.stringify(manifest);
}

/**
 * Environment variables load the hook, so that it also reaches what the program starts: `npm run`, a watcher, workers.
 */
function environment({ env = process.env }: CliContext, hook: string, manifest: string): NodeJS.ProcessEnv {
  const options = `${env['NODE_OPTIONS'] ?? ''} --import=${pathToFileURL(hook).href}`.trim();
  return { ...env, NODE_OPTIONS: options, CACHEKIT_DEV_MANIFEST: manifest };
}

async function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { cwd }: CliContext,
): Promise<number> {
  const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new UsageError(`There is no program '${program}'.`) : error),
      );
      // No code: the program was ended by a signal.
      child.once('close', (code) => resolve(code ?? EXIT.found));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}
