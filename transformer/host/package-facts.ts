// Finds the package of a file. Its name is part of function ids and the default namespace; paths in ids start at its
// root.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The package that a folder belongs to. */
export interface PackageFacts {
  /** Folder of the package.json; without a package, the folder that was asked for. */
  readonly root: string;
  /** '' without a package. */
  readonly name: string;
  /** '' without a package, or without a version in it. */
  readonly version: string;
}

/** A function that finds the nearest package.json with a name at or above a folder. It caches: create one per build. */
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
    return undefined; // no file, or one that npm could not read either
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { name, version } = parsed as { name?: unknown; version?: unknown }; // checked below
  // A package.json without a name only sets the module type of a folder.
  if (typeof name !== 'string' || name === '') return undefined;
  return { root: folder, name, version: typeof version === 'string' ? version : '' };
}
