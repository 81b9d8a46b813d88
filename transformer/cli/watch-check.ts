// `cachekit check --watch`: checks again after every change, until the process is ended.
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { configPath, findConfigAbove } from '../host/project/read-config.ts';
import { check, type CheckOptions } from './check.ts';
import type { CliContext } from './cli-context.ts';
import { noConfig, openFor } from './compile-all.ts';

/** Wait after a change, because editors write a file in several steps. */
const SETTLE_MS = 100;

/** Folders whose changes do not start a check. */
const IGNORED = /(?:^|[\\/])(?:node_modules|\.git)(?:[\\/]|$)/;

/** Returns at once; the watcher keeps the process alive. */
export function watchCheck(options: CheckOptions, context: CliContext): undefined {
  const tsconfig =
    options.tsconfig === undefined ? findConfigAbove(context.cwd) : configPath(options.tsconfig, context.cwd);
  if (tsconfig === undefined) throw noConfig(undefined, context);
  const project = openFor(options.tsconfig, context);
  const run = (): void => {
    try {
      check(options, context, project);
    } catch (error) {
      // The tsconfig may be half-typed; the next change may repair it.
      context.error(`cachekit: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  watch(dirname(tsconfig), { recursive: true }, (_event, file) => {
    if (file !== null && (IGNORED.test(file) || !/\.(?:[cm]?[jt]sx?|json|vue|svelte|astro)$/.test(file)))
      return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      project.refresh();
      run();
    }, SETTLE_MS);
  });
  run();
}
