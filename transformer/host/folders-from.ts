// Walks from a folder up to the root, for what lies in the nearest folder that has it.
import { dirname } from 'node:path';

/** `folder` itself, then each folder above it. */
export function* foldersFrom(folder: string): Iterable<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (dirname(at) === at) return;
  }
}
