// THE pipeline: scan → shape → plan → check → generate. Pure: everything it knows comes in, nothing is kept.
import type { SyntaxReader } from './1-scan/syntax-reader.ts';
import type { TypeReader } from './2-shape/type-reader.ts';
import type { CachePlan } from './3-plan/cache-plan.ts';
import type { FileTexts } from './5-generate/texts.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { ResolvedOptions } from './options.ts';

export interface ProjectFacts {
  /** The user's package.json: name and version ('' when there is none). */
  readonly packageName: string;
  readonly packageVersion: string;
  readonly options: ResolvedOptions;
  readonly strictNullChecks: boolean;
}

export interface CompileInput {
  /** Absolute path. */
  readonly file: string;
  /** Path relative to the package root, with forward slashes: part of ids and messages. */
  readonly path: string;
  readonly syntax: SyntaxReader;
  readonly types: TypeReader;
  readonly project: ProjectFacts;
}

export type StageName = 'scan' | 'shape' | 'plan' | 'check' | 'code';

export interface Emission {
  /** Undefined when nothing is to be inserted. */
  readonly texts: FileTexts | undefined;
  readonly plans: readonly CachePlan[];
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute paths whose change can change this emission. */
  readonly dependencies: readonly string[];
}
