// Imports the `cachekit` that is installed in the user's project, so that its version, settings and clients are used.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CliContext } from './cli-context.ts';

/** @throws Error when it is not installed */
export async function importRuntime<T>(entry: string, { cwd }: CliContext): Promise<T> {
  const path = resolveFrom(cwd, entry) ?? resolveFrom(import.meta.dirname, entry);
  if (path === undefined) throw new Error(`The package cachekit is not installed in ${cwd}: npm i cachekit`);
  return (await import(pathToFileURL(path).href)) as T; // the caller names the entry's own module type
}

/** Path of a module as resolved from `folder`; undefined: not installed. */
export function resolveFrom(folder: string, name: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(name);
  } catch {
    return undefined;
  }
}
