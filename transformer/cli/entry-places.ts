// The tsconfigs that our plugin entry belongs into.
import { dirname, relative } from 'node:path';
import type TS from 'typescript';
import { readConfig, withReferences, type ProjectConfig } from '../host/project/read-config.ts';

/**
 * The tsconfig at `path`, or those that it references if it compiles nothing itself: every tsconfig has its own
 * plugins. Not those that a tool generates, nor those for configuration files alone.
 */
export function entryPlaces(ts: typeof TS, path: string): readonly ProjectConfig[] {
  const root = readConfig(ts, path);
  if (root.files.length > 0) return [root];
  const places = withReferences(ts, root).filter(
    (config) => config.files.some(isSource) && !isGenerated(relative(dirname(path), config.path)),
  );
  return places.length === 0 ? [root] : places;
}

/** False for `vite.config.ts`, which templates give a tsconfig of its own. */
function isSource(file: string): boolean {
  return !/\.config\.[cm]?[jt]s$/.test(file);
}

/** True in folders such as `.nuxt`. */
function isGenerated(path: string): boolean {
  return /(?:^|[\\/])\.(?!\.)/.test(path);
}
