// A project for hosts that compile text (bundlers, the CLI): text in, compiled text out.
import type { Emission, OnStage } from '../../compile-file.ts';
import type { TextMap } from '../emit/emit-text.ts';
import type { Facts } from '../plans/input-facts.ts';
import { withPlanCache } from '../plans/plan-cache.ts';
import { requireNode } from '../supported-node.ts';
import type { WrittenManifests } from '../whole-program.ts';
import { openTypedProject } from './typed-project.ts';

/** Where a project looks for its tsconfigs. */
export interface ProjectOptions {
  /**
   * A tsconfig, or a folder with one. Default: for each file the nearest tsconfig above it, or one that it references.
   */
  readonly tsconfig?: string;
  /** The folder that relative paths start from. Default: the working directory of the process. */
  readonly cwd?: string;
}

/** A file as compiled. `code` and `map` are undefined when nothing was inserted. */
export interface CompiledFile extends Emission {
  readonly code?: string;
  readonly map?: TextMap;
  /** Absolute paths of the tsconfig that the file was compiled with, and of those it extends. */
  readonly configFiles?: readonly string[];
}

/** Compiles the files of the tsconfigs that it finds. */
export interface Project {
  /**
   * Compiles one file. `text`: what the host has instead of the file on disk; offsets in the result then refer to
   * `text`.
   *
   * @throws when there is no tsconfig or it cannot be read.
   */
  compile(file: string, text?: string, onStage?: OnStage): CompiledFile;
  /** The file changed: on disk, or to `text`. */
  update(file: string, text?: string): void;
  /** Looks at all files on disk again, the tsconfigs included. */
  refresh(): void;
  /** Source files of the tsconfig and its references, sorted. Needs the option `tsconfig`, or one at or above `cwd`. */
  files(): readonly string[];
  /** Components of Vue, Svelte and Astro that the patterns of the same tsconfigs match, sorted. */
  components(): readonly string[];
  /** Problems of the tsconfig, such as unknown options (CK1408). */
  configDiagnostics(): Emission['diagnostics'];
  /** The checks of the whole program. `compiled`: the result of `compile` for each of `files()`. */
  programDiagnostics(compiled: ReadonlyMap<string, CompiledFile>): Emission['diagnostics'];
  /** Writes the manifests that the tsconfigs ask for. */
  writeManifests(compiled: ReadonlyMap<string, CompiledFile>): WrittenManifests;
}

/** A project that compiles every file with TypeScript: the one behind the plan cache. */
export interface TypedProject extends Project {
  /** The tsconfig that the search for a file's program starts from. */
  startOf(file: string): string | undefined;
  /** Whether the tsconfig, a result of `startOf`, has been opened. */
  isOpen(start: string): boolean;
  /** What the last result of `compile` depends on; undefined: unknown, or the option `planCache` is off. */
  factsOf(start: string, compiled: CompiledFile): Facts | undefined;
}

/**
 * Opens a project with a plan cache on disk (option `planCache`): as long as nothing changed, TypeScript is not loaded.
 *
 * @throws on a Node.js that is too old.
 */
export function openProject(options: ProjectOptions = {}): Project {
  requireNode();
  return withPlanCache(openTypedProject(options), options.cwd ?? process.cwd());
}
