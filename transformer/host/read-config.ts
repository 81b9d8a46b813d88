// tsconfig files: finding the one that contains a file, and our options in it.
import { dirname, resolve } from 'node:path';
import type TS from 'typescript';

/** Names under which the plugin entry of a tsconfig is ours. */
const OWN = /^@cachekit\/transformer(\/ls)?$/;
export interface ProjectConfig {
  /** Absolute path of the tsconfig. */
  readonly path: string;
  readonly options: TS.CompilerOptions;
  readonly files: readonly string[];
  /** The tsconfig and those it extends. */
  readonly configFiles: readonly string[];
  /** Absolute paths of the referenced tsconfigs. */
  readonly references: readonly string[];
  readonly projectReferences: readonly TS.ProjectReference[] | undefined;
  /** Our plugin entry, unchecked; `{}` when there is none. */
  readonly ownEntry: object;
  readonly errors: readonly TS.Diagnostic[];
}

/** @throws when the file cannot be read. */
export function readConfig(ts: typeof TS, path: string): ProjectConfig {
  if (!ts.sys.fileExists(path)) throw new Error(`There is no tsconfig at ${path}.`);
  const source = ts.readJsonConfigFile(path, (file) => ts.sys.readFile(file));
  const parsed = ts.parseJsonSourceFileConfigFileContent(source, ts.sys, dirname(path), undefined, path);
  return {
    path,
    options: parsed.options,
    files: parsed.fileNames,
    configFiles: [path, ...(source.extendedSourceFiles ?? [])],
    references: (parsed.projectReferences ?? []).map((one) => ts.resolveProjectReferencePath(one)),
    projectReferences: parsed.projectReferences,
    ownEntry: ownEntryOf(parsed.options['plugins']),
    errors: parsed.errors,
  };
}

/** Our entry in `compilerOptions.plugins`, as written; `{}` when there is none. */
export function ownEntryOf(plugins: unknown): object {
  return (Array.isArray(plugins) ? plugins.find(isOwnEntry) : undefined) ?? {};
}

function isOwnEntry(entry: unknown): entry is object {
  if (typeof entry !== 'object' || entry === null) return false;
  const { name, transform } = entry as { name?: unknown; transform?: unknown }; // checked below
  return [name, transform].some((text) => typeof text === 'string' && OWN.test(text));
}

/** Nearest `tsconfig.json` at or above a folder. */
export function findConfigAbove(ts: typeof TS, folder: string): string | undefined {
  return ts.findConfigFile(folder, (file) => ts.sys.fileExists(file));
}

/** `path`, or the tsconfig.json in it when it is a folder. */
export function configPath(ts: typeof TS, path: string, cwd: string): string {
  const absolute = resolve(cwd, path);
  return ts.sys.directoryExists(absolute) ? resolve(absolute, 'tsconfig.json') : absolute;
}

/** The config itself and, depth first, everything it references; each once. */
export function withReferences(ts: typeof TS, root: ProjectConfig): readonly ProjectConfig[] {
  const found = new Map<string, ProjectConfig>();
  const visit = (config: ProjectConfig): void => {
    if (found.has(config.path)) return;
    found.set(config.path, config);
    for (const path of config.references) if (ts.sys.fileExists(path)) visit(readConfig(ts, path));
  };
  visit(root);
  return [...found.values()];
}
