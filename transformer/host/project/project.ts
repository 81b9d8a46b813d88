// What bundlers and the CLI hold: text in, compiled text out.
import type { Emission, OnStage } from '../../compile-file.ts';
import type { TextMap } from '../emit/emit-text.ts';
import type { Facts } from '../plans/input-facts.ts';
import { withPlanCache } from '../plans/plan-cache.ts';
import { requireNode } from '../supported-node.ts';
import type { WrittenManifests } from '../whole-program.ts';
import { openTypedProject } from './typed-project.ts';

export interface ProjectOptions {
  /** File or folder. Default: the nearest tsconfig above each file, through its references. */
  readonly tsconfig?: string;
  /** Where relative paths start. Default: the working directory of the process. */
  readonly cwd?: string;
}

/** `code` and `map` are there when something was inserted. */
export interface CompiledFile extends Emission {
  readonly code?: string;
  readonly map?: TextMap;
  /** Absolute paths of the tsconfig that decided, and of those it extends. */
  readonly configFiles?: readonly string[];
}

export interface Project {
  /**
   * Compiles one file. `text` is what a bundler has, when that is not what the disk has; offsets then mean `text`.
   *
   * @throws when there is no tsconfig or it cannot be read.
   */
  compile(file: string, text?: string, onStage?: OnStage): CompiledFile;
  /** The file changed: on disk, or to `text`. */
  update(file: string, text?: string): void;
  /** Looks at the disk again, also at tsconfig. */
  refresh(): void;
  /** Source files of the tsconfig and its references, sorted. Needs `tsconfig`, or one at or above `cwd`. */
  files(): readonly string[];
  /** Problems of the tsconfig, such as unknown options (CK1408). */
  configDiagnostics(): Emission['diagnostics'];
  /** What only shows in all files together. `compiled`: what `compile` gave for each of `files()`. */
  programDiagnostics(compiled: ReadonlyMap<string, CompiledFile>): Emission['diagnostics'];
  /** Writes the manifests that the tsconfigs ask for. */
  writeManifests(compiled: ReadonlyMap<string, CompiledFile>): WrittenManifests;
}

/** A project that compiles with TypeScript what it is asked for. */
export interface TypedProject extends Project {
  /** The tsconfig that the search for a file's program starts from. */
  startOf(file: string): string | undefined;
  /** It has a program, or the beginnings of one. */
  isOpen(start: string): boolean;
  /** What `compiled`, which has just come from `compile`, depends on; undefined: cannot be told, or must not be kept. */
  factsOf(start: string, compiled: CompiledFile): Facts | undefined;
}

/** Compiled files are kept on disk (option `planCache`): where nothing changed, TypeScript is not loaded. @throws on a Node.js that is too old. */
export function openProject(options: ProjectOptions = {}): Project {
  requireNode();
  return withPlanCache(openTypedProject(options), options.cwd ?? process.cwd());
}
