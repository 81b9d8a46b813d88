// One tsconfig as a project: its program, its options, its files.
import type TS from 'typescript';
import type { CachePlan } from '../../3-plan/cache-plan.ts';
import type { ProgramFacts } from '../../4-check/program-facts.ts';
import type { Emission, OnStage } from '../../compile-file.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { resolveOptions, type ResolvedOptions } from '../../options.ts';
import { createSourceCompiler } from '../compile-source.ts';
import { modifiedMs } from '../disk.ts';
import { hashText, type FactRecorder } from '../plans/input-facts.ts';
import { createIncrementalProgram } from '../program/incremental-program.ts';
import { checkRuntimeVersion } from '../runtime-version.ts';
import { collectFacts } from '../ts6/program/collect-facts.ts';
import { readConfig, type ProjectConfig } from './read-config.ts';

/** One tsconfig with its program. */
export interface ConfigProject {
  /** Absolute path of the tsconfig. */
  readonly path: string;
  /** Problems of the tsconfig itself, and of the runtime installed for it. */
  readonly configDiagnostics: readonly Diagnostic[];
  /** Whether the tsconfig names the file, directly or by pattern. */
  lists(file: string): boolean;
  /** Whether the program has the file, be it only through an import. */
  contains(file: string): boolean;
  /** The user's own source files. */
  files(): readonly string[];
  /** The file changed: on disk, or to `text`. */
  update(file: string, text: string | undefined): void;
  /** Looks at all files on disk again. */
  refresh(): void;
  /** The tsconfig and those it extends. */
  readonly configFiles: readonly string[];
  /** Whether the tsconfig or one it extends changed on disk, or its patterns match other files now. */
  isConfigChanged(): boolean;
  /** The program, if there is one and nothing changed since it was made. */
  peek(): object | undefined;
  /** Source files of the program that `peek` returns, each with the hash of its text. */
  sourceHashes(): Iterable<readonly [file: string, hash: string]>;
  /** Text of a file in the program that `peek` returns. */
  heldText(file: string): string | undefined;
  /** What was asked of the disk; undefined: nothing was recorded. */
  readonly recorder: FactRecorder | undefined;
  /** Option `planCache`: a folder; false: off; undefined: the default folder. */
  readonly planCache: string | false | undefined;
  readonly options: ResolvedOptions;
  /** What `files` say about cached functions of these names. */
  facts(files: ReadonlySet<string>, names: ReadonlySet<string>): ProgramFacts;
  /** `emission` undefined: the file has no marker. @throws when the program does not have the file. */
  compile(
    file: string,
    onStage?: OnStage,
  ): { readonly emission: Emission | undefined; readonly text: string };
}

/** By file: the plans of the files compiled so far, and whether the program still has the text they were made from. */
export type KnownPlans = Map<string, { readonly plans: readonly CachePlan[]; isCurrent(): boolean }>;

/**
 * Opens a tsconfig. Its program is created when it is needed first.
 *
 * @param known one map for all tsconfigs that are built together, as function ids must be unique in all of them
 */
export function openConfig(
  ts: typeof TS,
  config: ProjectConfig,
  known: KnownPlans = new Map(),
): ConfigProject {
  const { options, diagnostics } = resolveOptions(config.ownEntry, config.path);
  const program = createIncrementalProgram(ts, config);
  const compile = createSourceCompiler(ts, options);
  const listed = new Set(config.files);
  const stamps = config.configFiles.map((file) => [file, modifiedMs(file)] as const);
  return {
    path: config.path,
    configDiagnostics: [...diagnostics, ...checkRuntimeVersion(config.path)],
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
    recorder: config.recorder,
    planCache: options.planCache,
    options,
    facts: (files, names) => {
      const current = program.current();
      const sources = current.getSourceFiles().filter((source) => files.has(source.fileName));
      return collectFacts(ts, current, sources, names);
    },
    peek: () => program.peek(),
    sourceHashes: () => hashSources(program.peek()),
    heldText: (file) => program.peek()?.getSourceFile(file)?.text,
    isConfigChanged: () =>
      stamps.some(([file, before]) => modifiedMs(file) !== before) || !matchesSame(ts, config, listed),
    compile: (file, onStage) => {
      const current = program.current();
      const source = current.getSourceFile(file);
      if (source === undefined) throw new Error(`${file} is not part of ${config.path}`);
      // Plans of a file that has changed or is gone do not count. If it still has markers, it will be compiled again.
      const others = [...known].flatMap(([other, one]) =>
        other === file || !one.isCurrent() ? [] : one.plans,
      );
      const emission = compile(current, source, others, onStage);
      const isCurrent = () => program.current().getSourceFile(file) === source;
      known.set(file, { plans: emission?.plans ?? [], isCurrent });
      return { emission, text: source.text };
    },
  };
}

const hashes = new WeakMap<TS.SourceFile, string>();

/** Without the default library: it comes with TypeScript, whose version is part of the compiler's fingerprint. */
function* hashSources(program: TS.Program | undefined): Iterable<readonly [string, string]> {
  for (const source of program?.getSourceFiles() ?? []) {
    if (program?.isSourceFileDefaultLibrary(source) === true) continue;
    const hash = hashes.get(source) ?? hashText(source.text);
    hashes.set(source, hash);
    yield [source.fileName, hash];
  }
}

/** Whether the tsconfig still matches the files in `listed`. */
function matchesSame(ts: typeof TS, config: ProjectConfig, listed: ReadonlySet<string>): boolean {
  const { files } = readConfig(ts, config.path);
  return files.length === listed.size && files.every((file) => listed.has(file));
}
