// The data behind `cachekit explain` for one file: functions, results of each stage, diagnostics.
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
  /** True when the whole file was asked for, not some of its functions. */
  readonly isWhole: boolean;
  readonly plans: readonly CachePlan[];
  readonly writers: readonly WriterPlan[];
  readonly seen: readonly Seen[];
  /** Diagnostics of this file, including those found by looking at the whole program. */
  readonly diagnostics: readonly Diagnostic[];
  /** Links of the whole project. */
  readonly links: readonly InvalidationLink[];
}

/** The result of one stage, for one function or (`scan`) for the whole file. */
interface Seen {
  readonly stage: StageName;
  readonly value: unknown;
  readonly marker: Marker | undefined;
}

/** A compiled project, ready to explain any of its functions. */
export interface ExplainedProject {
  readonly project: Project;
  readonly compiled: ReadonlyMap<string, CompiledFile>;
  /** Diagnostics found by looking at the whole program. */
  readonly ofProgram: readonly Diagnostic[];
  readonly links: readonly InvalidationLink[];
}

/** Collects what is known about the project as a whole. */
export function explainProject(project: Project, all: CompiledProject): ExplainedProject {
  const { compiled, plans, writers } = all;
  return {
    project,
    compiled,
    ofProgram: project.programDiagnostics(compiled),
    links: invalidationLinks(plans, writers),
  };
}

/** Compiles a file once more and records the result of each stage. */
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
  /** Range of the marker. */
  readonly range: Range;
  readonly target: Target;
}

/** The subject of a plan. */
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

/** True when the diagnostic is inside the marker or function of the subject. */
export function isAbout({ range, file }: Diagnostic, subject: Subject): boolean {
  const { start, end } = extentOf(subject);
  return file === subject.file && range.start >= start && range.end <= end;
}
