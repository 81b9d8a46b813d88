// One tsconfig as a project: its program, its options, its files.
import { statSync } from 'node:fs';
import type TS from 'typescript';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { Emission, OnStage } from '../compile-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { resolveOptions } from '../options.ts';
import { createSourceCompiler } from './compile-source.ts';
import { createIncrementalProgram } from './incremental-program.ts';
import { readConfig, type ProjectConfig } from './read-config.ts';

export interface ConfigProject {
  /** Of the tsconfig. */
  readonly path: string;
  readonly configDiagnostics: readonly Diagnostic[];
  /** The tsconfig names the file, directly or by pattern. */
  lists(file: string): boolean;
  /** The program has the file, also through an import. */
  contains(file: string): boolean;
  /** The user's own source files. */
  files(): readonly string[];
  update(file: string, text: string | undefined): void;
  refresh(): void;
  /** The tsconfig and those it extends. */
  readonly configFiles: readonly string[];
  /** The tsconfig, or one it extends, changed on disk; or its patterns match other files now. */
  isConfigChanged(): boolean;
  /** `emission` undefined: no marker. @throws when the program does not have the file. */
  compile(
    file: string,
    onStage?: OnStage,
  ): { readonly emission: Emission | undefined; readonly text: string };
}

export function openConfig(ts: typeof TS, config: ProjectConfig): ConfigProject {
  const { options, diagnostics } = resolveOptions(config.ownEntry, config.path);
  const program = createIncrementalProgram(ts, config);
  const compile = createSourceCompiler(ts, options);
  /** Of the files compiled so far. */
  const plans = new Map<string, readonly CachePlan[]>();
  const listed = new Set(config.files);
  const stamps = config.configFiles.map((file) => [file, modifiedMs(file)] as const);
  return {
    path: config.path,
    configDiagnostics: diagnostics,
    lists: (file) => listed.has(file),
    contains: (file) => program.current().getSourceFile(file) !== undefined,
    files: () => {
      const current = program.current();
      return current
        .getSourceFiles()
        .filter((source) => !source.isDeclarationFile && !current.isSourceFileFromExternalLibrary(source))
        .map((source) => source.fileName);
    },
    update: (file, text) => program.update(file, text),
    refresh: () => program.refresh(),
    configFiles: config.configFiles,
    isConfigChanged: () =>
      stamps.some(([file, before]) => modifiedMs(file) !== before) || !matchesSame(ts, config, listed),
    compile: (file, onStage) => {
      const current = program.current();
      const source = current.getSourceFile(file);
      if (source === undefined) throw new Error(`${file} is not part of ${config.path}`);
      const others = [...plans].flatMap(([other, own]) => (other === file ? [] : own));
      const emission = compile(current, source, others, onStage);
      plans.set(file, emission?.plans ?? []);
      return { emission, text: source.text };
    },
  };
}

function matchesSame(ts: typeof TS, config: ProjectConfig, listed: ReadonlySet<string>): boolean {
  const { files } = readConfig(ts, config.path);
  return files.length === listed.size && files.every((file) => listed.has(file));
}

function modifiedMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
