// Every marked file of a project, compiled: what `check` and `ls` are about.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { FileTexts } from '../5-generate/texts.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FormatOptions } from '../diagnostics/format.ts';
import { positionAt } from '../diagnostics/position.ts';
import { openProject, type Project } from '../host/project.ts';
import type { CliContext } from './cli-context.ts';

export interface CompiledProject {
  /** Of the functions that are cached, in order of file and position. */
  readonly plans: readonly CachePlan[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The project of `-p`, else the nearest. */
export function openFor(tsconfig: string | undefined, context: CliContext): Project {
  return openProject({ cwd: context.cwd, ...(tsconfig === undefined ? {} : { tsconfig }) });
}

/** `project`: one that is open already. */
export function compileAll(
  tsconfig: string | undefined,
  context: CliContext,
  project: Project = openFor(tsconfig, context),
): CompiledProject {
  const compiled = project.files().map((file) => project.compile(file));
  const own = new Set(project.configDiagnostics());
  return {
    plans: compiled.flatMap((file) => file.plans.filter((plan) => isCached(plan, file.texts))),
    // Each file repeats what its tsconfig gets wrong; here once is enough.
    diagnostics: [...own, ...compiled.flatMap((file) => file.diagnostics.filter((one) => !own.has(one)))],
  };
}

/** False when an error leaves the function as written. */
function isCached({ marker }: CachePlan, texts: FileTexts | undefined): boolean {
  return marker.kind === 'comment'
    ? texts?.fns.some((fn) => fn.fnPos === marker.target.node.start) === true
    : texts?.calls.some((call) => call.callPos === marker.range.start) === true;
}

/** Paths as people see them: relative to the working directory. */
export function showPath(file: string, context: CliContext): string {
  return relative(context.cwd, file).replaceAll('\\', '/');
}

/** `src/report.ts:9`: the line of the function's name, or of the call of `cached`. */
export function placeOf({ file, marker }: CachePlan, context: CliContext): string {
  const { start } = marker.kind === 'call' ? marker.range : marker.target.nameRange;
  return `${showPath(file, context)}:${positionAt(readText(file) ?? '', start).line}`;
}

export function formatOptions(context: CliContext): FormatOptions {
  return {
    textOf: readText,
    show: (file) => showPath(file, context),
    colour: context.colour,
  };
}

/** As TypeScript reads it, so that offsets agree. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined; // shown without a code frame
  }
}
