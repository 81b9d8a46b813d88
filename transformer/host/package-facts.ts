// Which package a file belongs to: part of ids, default namespace, and the base of paths in ids.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PackageFacts {
  /** Folder of the package.json; the folder asked for when there is none. */
  readonly root: string;
  /** '' when there is none. */
  readonly name: string;
  readonly version: string;
}

/** Looks upwards for the nearest package.json that has a name; remembers what it found, so one object serves a build. */
export function createPackageLookup(): (folder: string) => PackageFacts {
  const known = new Map<string, PackageFacts | undefined>();
  const find = (folder: string): PackageFacts | undefined => {
    if (known.has(folder)) return known.get(folder);
    const parent = dirname(folder);
    const found = readPackage(folder) ?? (parent === folder ? undefined : find(parent));
    known.set(folder, found);
    return found;
  };
  return (folder) => find(folder) ?? { root: folder, name: '', version: '' };
}

function readPackage(folder: string): PackageFacts | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined; // none here, or one that npm could not read either
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { name, version } = parsed as { name?: unknown; version?: unknown }; // checked below
  // A package.json without a name only sets the module type of a folder.
  if (typeof name !== 'string' || name === '') return undefined;
  return { root: folder, name, version: typeof version === 'string' ? version : '' };
}
