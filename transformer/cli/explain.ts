// `cachekit explain`: every stage of the compiler for one function or file, with reasons, and the code it writes.
import { resolve } from 'node:path';
import { printSignature } from '../2-shape/print-shape.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { FileTexts } from '../5-generate/texts.ts';
import type { StageName } from '../compile-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPretty } from '../diagnostics/format.ts';
import { positionAt } from '../diagnostics/position.ts';
import { openProject, type CompiledFile, type Project } from '../host/project.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { formatOptions, placeOf, readText } from './compile-all.ts';
import { siteFacts } from './site-facts.ts';

export interface ExplainOptions {
  readonly tsconfig: string | undefined;
  /** `FILE`, `FILE:LINE` or the name of a function. */
  readonly what: string;
  /** Only this stage, as JSON. */
  readonly stage: string | undefined;
  readonly json: boolean;
}

const STAGES: readonly StageName[] = ['scan', 'shape', 'plan', 'check', 'code'];

/** One file with what the compiler did to it. */
interface Explained {
  readonly compiled: CompiledFile;
  readonly plans: readonly CachePlan[];
  /** Values of each stage: one per function, or one per file. */
  readonly stages: Readonly<Partial<Record<StageName, readonly unknown[]>>>;
}

/** @returns 1 when nothing is found, or when what was found has errors. */
export function explain(options: ExplainOptions, context: CliContext): number {
  const { stage, what } = options;
  if (stage !== undefined && !STAGES.some((known) => known === stage))
    throw new UsageError(`--stage is one of ${STAGES.join(', ')}, not '${stage}'.`);
  const { tsconfig } = options;
  const project = openProject({ cwd: context.cwd, ...(tsconfig === undefined ? {} : { tsconfig }) });
  const found = select(project, what, context);
  if (found.length === 0) {
    context.error(`No marked function or file of the project is called '${what}'.`);
    return EXIT.found;
  }
  if (options.json || stage !== undefined) {
    const stages = found.map((one) => (stage === undefined ? one.stages : pick(one.stages, stage)));
    context.print(JSON.stringify({ version: 1, files: stages }, undefined, options.json ? undefined : 2));
  } else for (const one of found) printExplained(one, context);
  const hasErrors = found.some((one) => one.compiled.diagnostics.some((d) => d.severity === 'error'));
  return hasErrors ? EXIT.found : EXIT.fine;
}

function pick(stages: Explained['stages'], stage: string): Explained['stages'] {
  return Object.fromEntries(Object.entries(stages).filter(([name]) => name === stage));
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
  const stages: Partial<Record<StageName, unknown[]>> = {};
  const compiled = project.compile(file, undefined, (stage, value) => {
    (stages[stage] ??= []).push(value);
  });
  return { compiled, plans: compiled.plans, stages };
}

function printExplained({ compiled, plans }: Explained, context: CliContext): void {
  for (const plan of plans) {
    const { name, profile, key, serializer, ttl, version, shape, code, id, sync } = siteFacts(plan);
    const parts = key.parts.map((part, index) => `${part}: ${key.types[index] ?? ''}`);
    context.print(
      [
        `${name} ${placeOf(plan, context)}`,
        `  id ${id}`,
        `  shape ${printSignature(plan.signature).replaceAll('\n', '\n    ')}`,
        `  profile ${profile.value}: ${profile.reason}`,
        `  key [${parts.join(', ')}]: ${key.reason}`,
        `  memory index ${plan.key.index}${plan.key.bucket === undefined ? '' : ` by ${plan.key.bucket}`}`,
        `  serializer ${serializer.value}: ${serializer.reason}`,
        `  ttl ${ttl}${sync ? ', synchronous' : ''}`,
        `  version ${version} (shape ${shape}, code ${code})`,
        ...codeOf(plan, compiled.texts).map((line) => `  ${line}`),
        '',
      ].join('\n'),
    );
  }
  const isShown = (one: Diagnostic) =>
    plans.length === compiled.plans.length || plans.some((plan) => isAbout(one, plan));
  for (const one of compiled.diagnostics.filter(isShown))
    context.print(formatPretty(one, formatOptions(context)));
}

/** Between the marker and the end of its function. */
function isAbout({ range }: Diagnostic, plan: CachePlan): boolean {
  const { target, range: marker } = plan.marker;
  return range.start >= Math.min(marker.start, target.node.start) && range.end <= target.node.end;
}

/** The generated text of one function: what goes into it, and its line of the tail. */
function codeOf(plan: CachePlan, texts: FileTexts | undefined): readonly string[] {
  const { start } = plan.marker.target.node;
  const fn = texts?.fns.find((text) => text.fnPos === start);
  const call = texts?.calls.find((text) => text.callPos === plan.marker.range.start);
  const id = JSON.stringify(plan.id);
  const tail = texts?.tail.split('\n').find((line) => line.includes(`id: ${id}`));
  if (tail === undefined) return ['not cached'];
  const code =
    fn === undefined ? [`cached(…${call?.text ?? ''})`] : [`${fn.prefix.trim()} … ${fn.suffix.trim()}`];
  return [...code, tail];
}
