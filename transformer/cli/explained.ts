// What `explain` knows of one file: the functions asked for, what each stage made of them, and what is said about them.
import type { Marker, Range, Target } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import { invalidationLinks, type InvalidationLink } from '../4-check/invalidation-links.ts';
import type { StageName } from '../compile-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CompiledFile, Project } from '../host/project/project.ts';
import type { CompiledProject } from './compile-all.ts';

export interface Explained {
  readonly compiled: CompiledFile;
  /** The file was asked for, not some functions of it. */
  readonly isWhole: boolean;
  readonly plans: readonly CachePlan[];
  readonly writers: readonly WriterPlan[];
  readonly seen: readonly Seen[];
  /** Of this file, also those that only show in all files together. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of the whole project. */
  readonly links: readonly InvalidationLink[];
}

/** What a stage made: of one function, or of the whole file. */
interface Seen {
  readonly stage: StageName;
  readonly value: unknown;
  readonly marker: Marker | undefined;
}

/** A project of which any function can be explained. */
export interface ExplainedProject {
  readonly project: Project;
  readonly compiled: ReadonlyMap<string, CompiledFile>;
  /** What only shows in all files together. */
  readonly ofProgram: readonly Diagnostic[];
  readonly links: readonly InvalidationLink[];
}

export function explainProject(project: Project, all: CompiledProject): ExplainedProject {
  const { compiled, plans, writers } = all;
  return {
    project,
    compiled,
    ofProgram: project.programDiagnostics(compiled),
    links: invalidationLinks(plans, writers),
  };
}

/** A file once more through the compiler, which shows each stage. */
export function explainFile({ project, ofProgram, links }: ExplainedProject, file: string): Explained {
  const seen: Seen[] = [];
  const compiled = project.compile(file, undefined, (stage, value, marker) => {
    seen.push({ stage, value, marker });
  });
  const { plans, writers = [], diagnostics } = compiled;
  const own = ofProgram.filter((one) => one.file === file);
  return {
    compiled,
    isWhole: true,
    plans,
    writers,
    seen,
    diagnostics: [...diagnostics, ...own],
    links,
  };
}

/** A cached function, or a writer. */
export interface Subject {
  readonly file: string;
  /** The marker. */
  readonly range: Range;
  readonly target: Target;
}

export function subjectOf({ file, marker }: CachePlan): Subject {
  return { file, range: marker.range, target: marker.target };
}

/** From the marker to the end of the function. */
export function extentOf({ range, target }: Subject): Range {
  return {
    start: Math.min(range.start, target.node.start),
    end: Math.max(range.end, target.node.end),
  };
}

export function isAbout({ range, file }: Diagnostic, subject: Subject): boolean {
  const { start, end } = extentOf(subject);
  return file === subject.file && range.start >= start && range.end <= end;
}
