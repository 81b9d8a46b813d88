// `cachekit explain`: every stage of the compiler for one function or file, with reasons, and the code it writes.
import { resolve } from 'node:path';
import type { Marker } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { StageName } from '../compile-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPretty } from '../diagnostics/format.ts';
import { positionAt } from '../diagnostics/position.ts';
import { openProject, type CompiledFile, type Project } from '../host/project.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { formatOptions, readText } from './compile-all.ts';
import { explainText, STAGES } from './explain-text.ts';

export interface ExplainOptions {
  readonly tsconfig: string | undefined;
  /** `FILE`, `FILE:LINE` or the name of a function. */
  readonly what: string;
  /** Only this stage. */
  readonly stage: string | undefined;
  readonly json: boolean;
}

/** One file with what the compiler did to it. */
interface Explained {
  readonly compiled: CompiledFile;
  readonly plans: readonly CachePlan[];
  readonly seen: readonly Seen[];
}

/** What a stage made: of one function, or of the whole file. */
interface Seen {
  readonly stage: StageName;
  readonly value: unknown;
  readonly marker: Marker | undefined;
}

/** @returns 1 when nothing is found, or when what was found has errors. */
export function explain(options: ExplainOptions, context: CliContext): number {
  const { stage, tsconfig } = options;
  if (stage !== undefined && !STAGES.some((known) => known === stage))
    throw new UsageError(`--stage is one of ${STAGES.join(', ')}, not '${stage}'.`);
  const project = openProject({ cwd: context.cwd, ...(tsconfig === undefined ? {} : { tsconfig }) });
  return explainIn(project, options, context);
}

/** As {@link explain}, of a project that is open. */
export function explainIn(project: Project, options: ExplainOptions, context: CliContext): number {
  const { stage, what } = options;
  const found = select(project, what, context);
  if (found.length === 0) {
    context.error(`No marked function or file of the project is called '${what}'.`);
    return EXIT.found;
  }
  if (options.json) {
    const files = found.map((one) => stagesOf(one, stage));
    context.print(JSON.stringify({ version: 1, files }));
  } else for (const one of found) printExplained(one, stage, context);
  const hasErrors = found.some((one) => one.compiled.diagnostics.some((d) => d.severity === 'error'));
  return hasErrors ? EXIT.found : EXIT.fine;
}

/** Stage → its values, one per function asked for. */
function stagesOf(
  { seen, plans }: Explained,
  only: string | undefined,
): Readonly<Record<string, readonly unknown[]>> {
  const markers = new Set(plans.map((plan) => plan.marker));
  const stages = STAGES.filter((stage) => only === undefined || stage === only);
  const values = (stage: StageName) =>
    seen.filter((one) => one.stage === stage && (one.marker === undefined || markers.has(one.marker)));
  return Object.fromEntries(stages.map((stage) => [stage, values(stage).map((one) => one.value)]));
}

function select(project: Project, what: string, context: CliContext): readonly Explained[] {
  const { path, line } = splitLine(what);
  const file = resolve(context.cwd, path).replaceAll('\\', '/');
  const files = project.files();
  if (files.includes(file)) {
    const one = compile(project, file);
    const plans = line === undefined ? one.plans : one.plans.filter((plan) => coversLine(plan, line));
    return plans.length > 0 || one.compiled.diagnostics.length > 0 ? [{ ...one, plans }] : [];
  }
  const named = (plan: CachePlan) => [plan.name, plan.id, plan.marker.target.qualifiedName].includes(what);
  return files
    .map((each) => compile(project, each))
    .map((one) => ({ ...one, plans: one.plans.filter(named) }))
    .filter((one) => one.plans.length > 0);
}

function splitLine(what: string): { readonly path: string; readonly line: number | undefined } {
  const match = /^(.+):(\d+)$/.exec(what);
  return { path: match?.[1] ?? what, line: match?.[2] === undefined ? undefined : Number(match[2]) };
}

/** The marker, the function, or a line between. */
function coversLine(plan: CachePlan, line: number): boolean {
  const text = readText(plan.file) ?? '';
  const { range, target } = plan.marker;
  const first = positionAt(text, Math.min(range.start, target.nameRange.start)).line;
  return first <= line && line <= positionAt(text, Math.max(range.end, target.node.end)).line;
}

function compile(project: Project, file: string): Explained {
  const seen: Seen[] = [];
  const compiled = project.compile(file, undefined, (stage, value, marker) => {
    seen.push({ stage, value, marker });
  });
  return { compiled, plans: compiled.plans, seen };
}

function printExplained(
  { compiled, plans }: Explained,
  stage: string | undefined,
  context: CliContext,
): void {
  const { diagnostics, texts } = compiled;
  for (const plan of plans) {
    const own = diagnostics.filter((one) => isAbout(one, plan));
    context.print(`${explainText({ plan, diagnostics: own, texts }, stage, context)}\n`);
  }
  // What no function of the file can be named for, where the whole file was asked for.
  if (plans.length < compiled.plans.length || (stage !== undefined && stage !== 'check')) return;
  const others = diagnostics.filter((one) => !plans.some((plan) => isAbout(one, plan)));
  for (const one of others) context.print(formatPretty(one, formatOptions(context)));
}

/** Between the marker and the end of its function. */
function isAbout({ range, file }: Diagnostic, plan: CachePlan): boolean {
  const { target, range: marker } = plan.marker;
  const start = Math.min(marker.start, target.node.start);
  return file === plan.file && range.start >= start && range.end <= Math.max(marker.end, target.node.end);
}
