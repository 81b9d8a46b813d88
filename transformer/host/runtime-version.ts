// Checks that the `cachekit` runtime which a project has installed understands the code that this compiler emits.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { foldersFrom } from './folders-from.ts';
import { transformerVersion } from './version.ts';

/**
 * CK1403 about `tsconfig` ('' for none) when the `cachekit` installed for it does not fit this compiler. No finding
 * when none is installed: the import itself fails then.
 */
export function checkRuntimeVersion(tsconfig: string, own = transformerVersion()): readonly Diagnostic[] {
  const found = tsconfig === '' ? undefined : runtimeVersionAt(dirname(tsconfig));
  if (found === undefined || isCompatible(own, found)) return [];
  const args = { own, found, needed: rangeOf(own) };
  return [createDiagnostic({ code: 'CK1403', range: { start: 0, end: 0 }, args }, tsconfig)];
}

/** Version of the `cachekit` that a folder gets, from the nearest node_modules at or above it; undefined: none. */
export function runtimeVersionAt(folder: string): string | undefined {
  for (const at of foldersFrom(folder)) {
    const version = readVersion(join(at, 'node_modules/cachekit/package.json'));
    if (version !== undefined) return version;
  }
  return versionWithoutFolders(folder);
}

/** Under Yarn's Plug'n'Play, which has no node_modules; there it says itself where a package is. */
function versionWithoutFolders(folder: string): string | undefined {
  if (process.versions['pnp'] === undefined) return undefined;
  try {
    return readVersion(createRequire(join(folder, 'package.json')).resolve('cachekit/package.json'));
  } catch {
    return undefined; // not a dependency of that folder
  }
}

function readVersion(file: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown }; // checked below
    return name === 'cachekit' && typeof version === 'string' ? version : undefined;
  } catch {
    return undefined; // not installed in this folder
  }
}

/**
 * The rule of `^own`, by major and minor: below 1.0 the minor must be equal; from 1.0 on the major must be, and the
 * runtime's minor must not be older than the compiler's.
 */
function isCompatible(own: string, found: string): boolean {
  const [ownMajor, ownMinor] = partsOf(own);
  const [major, minor] = partsOf(found);
  if (Number.isNaN(ownMajor) || Number.isNaN(major)) return true; // unreadable versions must not stop a build
  if (major !== ownMajor) return false;
  return major === 0 ? minor === ownMinor : minor >= ownMinor;
}

/** The versions of the runtime that fit, as a semver range for the message. */
function rangeOf(version: string): string {
  const [major, minor] = partsOf(version);
  return `^${major}.${minor}.0`;
}

function partsOf(version: string): readonly [major: number, minor: number] {
  const [major, minor] = version.split('.').map(Number);
  return [major ?? Number.NaN, minor ?? Number.NaN];
}
