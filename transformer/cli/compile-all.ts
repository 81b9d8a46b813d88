// Every marked file of a project, compiled: what `check` and `ls` are about.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { FileTexts } from '../5-generate/texts.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FormatOptions } from '../diagnostics/format.ts';
import { positionAt } from '../diagnostics/position.ts';
import { openProject } from '../host/project.ts';
import type { CliContext } from './cli-context.ts';

export interface CompiledProject {
  /** Of the functions that are cached, in order of file and position. */
  readonly plans: readonly CachePlan[];
  readonly diagnostics: readonly Diagnostic[];
}

export function compileAll(tsconfig: string | undefined, context: CliContext): CompiledProject {
  const project = openProject({ cwd: context.cwd, ...(tsconfig === undefined ? {} : { tsconfig }) });
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

/** `src/report.ts:9` */
export function placeOf(plan: CachePlan, context: CliContext): string {
  const text = readText(plan.file) ?? '';
  return `${showPath(plan.file, context)}:${positionAt(text, plan.marker.target.nameRange.start).line}`;
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
