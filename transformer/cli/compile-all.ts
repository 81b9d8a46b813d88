// Compiles every marked file of a project, and helpers to show places in them.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { mayContainMarker } from '../1-scan/may-contain-marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FormatOptions } from '../diagnostics/format.ts';
import { positionAt } from '../diagnostics/position.ts';
import { cachedPlans, workingWriters } from '../host/cached-plans.ts';
import { componentScripts } from '../host/component-scripts.ts';
import { openProject, type CompiledFile, type Project } from '../host/project/project.ts';
import { configPath, findConfigAbove } from '../host/project/read-config.ts';
import { UsageError, type CliContext } from './cli-context.ts';

export interface CompiledProject {
  /** Plans of the functions that are cached, in order of file and position. */
  readonly plans: readonly CachePlan[];
  /** Functions with `@cacheInvalidate`, in the same order. */
  readonly writers: readonly WriterPlan[];
  readonly diagnostics: readonly Diagnostic[];
  /** Results by file. */
  readonly compiled: ReadonlyMap<string, CompiledFile>;
}

export function noConfig(tsconfig: string | undefined, { cwd }: Pick<CliContext, 'cwd'>): UsageError {
  return new UsageError(
    tsconfig === undefined
      ? `There is no tsconfig.json at or above ${cwd}. Name another file with -p, or make one with npx tsc --init.`
      : `There is no tsconfig ${tsconfig}. Make one with npx tsc --init.`,
  );
}

function noSources(tsconfig: string | undefined, { cwd }: CliContext): UsageError {
  const path = tsconfig === undefined ? findConfigAbove(cwd) : configPath(tsconfig, cwd);
  return new UsageError(
    `${path} lists no source file that is there. Run this where the sources are, or name another tsconfig with -p.`,
  );
}

/** Opens the project of `-p`, else that of the nearest tsconfig. @throws UsageError when there is none */
export function openFor(tsconfig: string | undefined, context: CliContext): Project {
  const found = tsconfig === undefined ? findConfigAbove(context.cwd) : configPath(tsconfig, context.cwd);
  if (found === undefined || !existsSync(found)) throw noConfig(tsconfig, context);
  return openProject({ cwd: context.cwd, ...(tsconfig === undefined ? {} : { tsconfig }) });
}

/**
 * @param project a project that is open already. Default: opens one.
 * @throws UsageError when it has no files
 */
export function compileAll(
  tsconfig: string | undefined,
  context: CliContext,
  project: Project = openFor(tsconfig, context),
): CompiledProject {
  const compiled = new Map<string, CompiledFile>();
  const paths = project.files();
  // As for tsc: else `verify` would find nothing wrong with any output.
  if (paths.length === 0) throw noSources(tsconfig, context);
  for (const file of paths) {
    compiled.set(file, project.compile(file));
    context.progress?.step(compiled.size, paths.length);
  }
  context.progress?.end();
  const files = [...compiled.values()];
  const own = new Set(project.configDiagnostics());
  const inComponents = project.components().flatMap((file) => marksIn(file, project));
  return {
    plans: files.flatMap(cachedPlans),
    writers: files.flatMap(workingWriters),
    // Each file repeats the diagnostics of its tsconfig; here they are listed once.
    diagnostics: [
      ...own,
      ...files.flatMap((file) => file.diagnostics.filter((one) => !own.has(one))),
      ...inComponents,
    ],
    compiled,
  };
}

/** Components are not compiled: CK1401 for one with a mark. */
function marksIn(component: string, project: Project): readonly Diagnostic[] {
  const scripts = componentScripts(component);
  if (scripts === undefined || !mayContainMarker(scripts)) return [];
  return project.compile(component, scripts).diagnostics;
}

/** The path to show: relative to the working directory, with forward slashes. */
export function showPath(file: string, context: CliContext): string {
  return relative(context.cwd, file).replaceAll('\\', '/');
}

/** `src/report.ts:9`: the line of the function's name, or of the call of `cached`. */
export function placeOf({ file, marker }: CachePlan, context: CliContext): string {
  const { start } = marker.kind === 'call' ? marker.range : marker.target.nameRange;
  return placeAt(file, start, context);
}

/** `src/report.ts:9`. */
export function placeAt(file: string, offset: number, context: CliContext): string {
  return `${showPath(file, context)}:${positionAt(readText(file) ?? '', offset).line}`;
}

export function formatOptions(context: CliContext): FormatOptions {
  return {
    textOf: readText,
    show: (file) => showPath(file, context),
    colour: context.colour,
  };
}

/** Reads a file without its BOM, as TypeScript does, so that offsets agree. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined; // shown without a code frame
  }
}
