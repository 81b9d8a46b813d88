// Emitted code calls the runtime that the project has installed: is it one that understands this compiler?
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { transformerVersion } from './version.ts';

/** CK1403 in `tsconfig` when the `cachekit` that is installed for it is of another version. None installed: none of our business. */
export function checkRuntimeVersion(tsconfig: string, own = transformerVersion()): readonly Diagnostic[] {
  const found = tsconfig === '' ? undefined : runtimeVersionAt(dirname(tsconfig));
  if (found === undefined || isCompatible(own, found)) return [];
  const args = { own, found, needed: rangeOf(own) };
  return [createDiagnostic({ code: 'CK1403', range: { start: 0, end: 0 }, args }, tsconfig)];
}

/** Of the `cachekit` in the nearest node_modules at or above a folder. */
export function runtimeVersionAt(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const version = readVersion(join(at, 'node_modules/cachekit/package.json'));
    if (version !== undefined) return version;
    if (dirname(at) === at) return undefined;
  }
}

function readVersion(file: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown }; // checked below
    return name === 'cachekit' && typeof version === 'string' ? version : undefined;
  } catch {
    return undefined; // not here
  }
}

/** Below 1.0 a minor is a break, from then on a major is; the runtime may be newer within that, never older. */
function isCompatible(own: string, found: string): boolean {
  const [ownMajor, ownMinor] = partsOf(own);
  const [major, minor] = partsOf(found);
  if (Number.isNaN(ownMajor) || Number.isNaN(major)) return true; // a version we cannot read: no reason to stop anyone
  if (major !== ownMajor) return false;
  return major === 0 ? minor === ownMinor : minor >= ownMinor;
}

function rangeOf(version: string): string {
  const [major, minor] = partsOf(version);
  return `^${major}.${minor}.0`;
}

function partsOf(version: string): readonly [major: number, minor: number] {
  const [major, minor] = version.split('.').map(Number);
  return [major ?? Number.NaN, minor ?? Number.NaN];
}
