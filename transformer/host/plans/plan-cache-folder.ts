// Finds the folder of a project's plan cache. It does so without TypeScript, which a warm build must not have to load.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { isFile, isFolder } from '../disk.ts';
import { foldersFrom } from '../folders-from.ts';
import { ownEntryOf } from '../project/own-entry.ts';
import { parseJsonc } from '../project/parse-jsonc.ts';

/** A chain of `extends` that is longer than this is taken for a circle. */
const MAX_EXTENDS = 32;

/**
 * The option `planCache`, relative to the folder of the tsconfig; by default `.cache/cachekit/plans` in the nearest
 * node_modules at or above it. Undefined: the cache is switched off, or there is no node_modules.
 */
export function planCacheFolder(tsconfig: string): string | undefined {
  const written = findOption(tsconfig, 0);
  if (written === false) return undefined;
  if (typeof written === 'string' && written !== '') return resolve(dirname(tsconfig), written);
  const modules = nearestModules(dirname(tsconfig));
  return modules === undefined ? undefined : join(modules, '.cache/cachekit/plans');
}

/** `planCache` as written, unchecked. `plugins` of a tsconfig replace the `plugins` of the tsconfig that it extends. */
function findOption(tsconfig: string, depth: number): unknown {
  const config = readJson(tsconfig);
  const plugins = asRecord(asRecord(config)['compilerOptions'])['plugins'];
  if (plugins !== undefined) return asRecord(ownEntryOf(plugins))['planCache'];
  const bases = [asRecord(config)['extends']].flat().filter((base) => typeof base === 'string');
  for (const base of bases.toReversed()) {
    const file = depth < MAX_EXTENDS ? resolveBase(base, tsconfig) : undefined;
    const found = file === undefined ? undefined : findOption(file, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveBase(base: string, from: string): string | undefined {
  if (/^\.{0,2}\//.test(base) || resolve(base) === base) {
    const path = resolve(dirname(from), base);
    return isFile(path) ? path : isFile(`${path}.json`) ? `${path}.json` : undefined;
  }
  const { resolve: find } = createRequire(from);
  for (const name of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      return find(name);
    } catch {
      // the package has no such file: try the next name
    }
  }
  return undefined;
}

function readJson(file: string): unknown {
  try {
    return parseJsonc(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // TypeScript reports what is wrong with the file
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}; // just checked
}

function nearestModules(start: string): string | undefined {
  for (const folder of foldersFrom(start)) {
    const modules = join(folder, 'node_modules');
    if (isFolder(modules)) return modules;
  }
  return undefined;
}
