// Finds and reads tsconfig files, with our options in them.
import { dirname, resolve } from 'node:path';
import type TS from 'typescript';
import { COMPONENT_EXTENSIONS, COMPONENTS } from '../component-scripts.ts';
import { isFile, isFolder } from '../disk.ts';
import { foldersFrom } from '../folders-from.ts';
import type { FactRecorder } from '../plans/input-facts.ts';
import { recordSystem } from '../plans/record-host.ts';
import { ownEntryOf } from './own-entry.ts';

/** A tsconfig, as read from disk. */
export interface ProjectConfig {
  /** Absolute path of the tsconfig. */
  readonly path: string;
  readonly options: TS.CompilerOptions;
  /** Absolute paths of the files that the tsconfig lists, directly or by pattern. */
  readonly files: readonly string[];
  /** The tsconfig and those it extends. */
  readonly configFiles: readonly string[];
  /** Absolute paths of the referenced tsconfigs. */
  readonly references: readonly string[];
  readonly projectReferences: readonly TS.ProjectReference[] | undefined;
  /** Our plugin entry, unchecked; `{}` when there is none. */
  readonly ownEntry: object;
  readonly errors: readonly TS.Diagnostic[];
  /** Records what is asked of the disk, here and by the program of this tsconfig. Undefined: nothing is recorded. */
  readonly recorder: FactRecorder | undefined;
}

/** Reads the tsconfig at an absolute path. @throws when the file does not exist. */
export function readConfig(ts: typeof TS, path: string, recorder?: FactRecorder): ProjectConfig {
  if (!ts.sys.fileExists(path)) throw new Error(`There is no tsconfig at ${path}.`);
  const system = recorder === undefined ? ts.sys : recordSystem(ts.sys, recorder);
  const source = ts.readJsonConfigFile(path, (file) => system.readFile(file));
  const parsed = ts.parseJsonSourceFileConfigFileContent(source, system, dirname(path), undefined, path);
  for (const folder of Object.keys(parsed.wildcardDirectories ?? {})) recorder?.ask('sources', folder);
  return {
    path,
    options: parsed.options,
    files: parsed.fileNames,
    configFiles: [path, ...(source.extendedSourceFiles ?? [])],
    references: (parsed.projectReferences ?? []).map((one) => ts.resolveProjectReferencePath(one)),
    projectReferences: parsed.projectReferences,
    ownEntry: ownEntryOf(parsed.options['plugins']),
    errors: parsed.errors,
    recorder,
  };
}

/** The components that the patterns of the tsconfig at an absolute path match. TypeScript itself never reads them. */
export function readComponents(ts: typeof TS, path: string): readonly string[] {
  const source = ts.readJsonConfigFile(path, (file) => ts.sys.readFile(file));
  const kinds = COMPONENT_EXTENSIONS.map((extension) => ({
    extension,
    isMixedContent: true,
    scriptKind: ts.ScriptKind.Deferred,
  }));
  const { fileNames } = ts.parseJsonSourceFileConfigFileContent(
    source,
    ts.sys,
    dirname(path),
    undefined,
    path,
    undefined,
    kinds,
  );
  return fileNames.filter((file) => COMPONENTS.test(file));
}

/** The tsconfig that the search for the program of a file in `folder` starts from; undefined: there is none. */
export function findStart(
  { tsconfig, cwd = process.cwd() }: { readonly tsconfig?: string; readonly cwd?: string },
  folder: string,
): string | undefined {
  return tsconfig === undefined ? findConfigAbove(folder) : configPath(tsconfig, cwd);
}

/** The nearest `tsconfig.json` at or above a folder. Works without TypeScript, which a warm build does not load. */
export function findConfigAbove(folder: string): string | undefined {
  for (const at of foldersFrom(folder)) {
    const file = resolve(at, 'tsconfig.json');
    if (isFile(file)) return file.replaceAll('\\', '/');
  }
  return undefined;
}

/** Absolute path of a tsconfig: `path` itself, or the tsconfig.json in it when it is a folder. */
export function configPath(path: string, cwd: string): string {
  const absolute = resolve(cwd, path);
  return (isFolder(absolute) ? resolve(absolute, 'tsconfig.json') : absolute).replaceAll('\\', '/');
}

/** The tsconfig and all that it references, directly or not: depth first, each once. */
export function withReferences(ts: typeof TS, root: ProjectConfig): readonly ProjectConfig[] {
  const found = new Map<string, ProjectConfig>();
  const visit = (config: ProjectConfig): void => {
    if (found.has(config.path)) return;
    found.set(config.path, config);
    for (const path of config.references)
      if (ts.sys.fileExists(path)) visit(readConfig(ts, path, root.recorder));
  };
  visit(root);
  return [...found.values()];
}
