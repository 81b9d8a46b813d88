// `cachekit explain`: shows what each stage of the compiler made of a function or file, with reasons, and the generated
// code.
import { resolve } from 'node:path';
import type { StageName } from '../compile-file.ts';
import { didYouMean } from '../diagnostics/entry.ts';
import { formatPretty } from '../diagnostics/format.ts';
import { positionAt } from '../diagnostics/position.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { compileAll, formatOptions, openFor, readText } from './compile-all.ts';
import { explainText, STAGES } from './explain-text.ts';
import { explainWriter } from './explain-writer.ts';
import {
  explainFile,
  explainProject,
  extentOf,
  isAbout,
  subjectOf,
  type Explained,
  type ExplainedProject,
  type Subject,
} from './explained.ts';
import { writerFacts, type WriterFacts } from './writer-facts.ts';

export interface ExplainOptions {
  readonly tsconfig: string | undefined;
  /** `FILE`, `FILE:LINE` or the name of a function. */
  readonly what: string;
  /** The only stage to show. Default: all. */
  readonly stage: string | undefined;
  readonly json: boolean;
}

/** @returns 1 when nothing matches, or when a matching function has errors. */
export function explain(options: ExplainOptions, context: CliContext): number {
  const { stage, tsconfig } = options;
  if (stage !== undefined && !STAGES.some((known) => known === stage))
    throw new UsageError(`--stage is one of ${STAGES.join(', ')}, not '${stage}'.`);
  const project = openFor(tsconfig, context);
  // All files are compiled, because any of them may invalidate entries of the function.
  const all = compileAll(tsconfig, context, project);
  return explainIn(explainProject(project, all), options, context);
}

/** Like {@link explain}, for a project that is compiled already. */
export function explainIn(project: ExplainedProject, options: ExplainOptions, context: CliContext): number {
  const { stage, what, json } = options;
  const found = select(project, what, context);
  if (found.length === 0) {
    context.error(notFound(project, what, context));
    return EXIT.found;
  }
  if (json) {
    const files = found.map((one) => toJson(one, stage, context));
    context.print(JSON.stringify({ version: 1, files }));
  } else for (const one of found) printExplained(one, stage, context);
  const said = found.flatMap((one) => one.diagnostics);
  if (said.some(({ code }) => code === 'CK1407')) return EXIT.ourBug;
  return said.some(({ severity }) => severity === 'error') ? EXIT.found : EXIT.fine;
}

/** The message for nothing found. Names the marked functions of the file asked for, or suggests a similar name. */
function notFound({ compiled }: ExplainedProject, what: string, context: CliContext): string {
  const { path, line } = splitLine(what);
  const here = compiled.get(resolve(context.cwd, path).replaceAll('\\', '/'))?.plans ?? [];
  if (line !== undefined && here.length > 0) {
    const lines = here.map(({ name, file, marker }) => {
      const at = positionAt(readText(file) ?? '', marker.range.start);
      return `${name} (line ${at.line})`;
    });
    return `No marked function is in line ${line} of ${path}. There ${lines.length === 1 ? 'is' : 'are'} ${lines.join(', ')}.`;
  }
  const names = [...compiled.values()].flatMap(({ plans }) => plans.map(({ name }) => name));
  const near = suggest(what, names);
  return `No marked function or file of the project is called '${what}'.${didYouMean(near)}`;
}

function select(project: ExplainedProject, what: string, context: CliContext): readonly Explained[] {
  const { path, line } = splitLine(what);
  const file = resolve(context.cwd, path).replaceAll('\\', '/');
  const explained = (one: string) => explainFile(project, one);
  const files = [...project.compiled.keys()];
  if (files.includes(file)) {
    const whole = explained(file);
    const one = line === undefined ? whole : only(whole, (subject) => coversLine(subject, line));
    return isEmpty(one) && (!one.isWhole || one.diagnostics.length === 0) ? [] : [one];
  }
  const isNamed = (subject: Subject, names: readonly string[]) =>
    [...names, subject.target.qualifiedName].includes(what);
  return [...project.compiled]
    .filter(([, { plans, writers = [] }]) => plans.length + writers.length > 0)
    .map(([each]) => only(explained(each), isNamed))
    .filter((one) => !isEmpty(one));
}

function isEmpty({ plans, writers }: Explained): boolean {
  return plans.length + writers.length === 0;
}

/** Keeps only the functions asked for and the diagnostics about them. */
function only(one: Explained, isMeant: (subject: Subject, names: readonly string[]) => boolean): Explained {
  const plans = one.plans.filter((plan) => isMeant(subjectOf(plan), [plan.name, plan.id]));
  const writers = one.writers.filter((writer) => isMeant(writer, [writer.name]));
  const subjects = [...plans.map(subjectOf), ...writers];
  const diagnostics = one.diagnostics.filter((said) => subjects.some((subject) => isAbout(said, subject)));
  return { ...one, isWhole: false, plans, writers, diagnostics };
}

function splitLine(what: string): { readonly path: string; readonly line: number | undefined } {
  const match = /^(.+):(\d+)$/.exec(what);
  return { path: match?.[1] ?? what, line: match?.[2] === undefined ? undefined : Number(match[2]) };
}

/** True when the line is in the marker, in the function, or between them. */
function coversLine(subject: Subject, line: number): boolean {
  const text = readText(subject.file) ?? '';
  const { start, end } = extentOf(subject);
  return positionAt(text, start).line <= line && line <= positionAt(text, end).line;
}

/** Stage → its values, one per function asked for; and, for stage `plan`, what invalidates what. */
function toJson(
  { seen, plans, writers, links }: Explained,
  only: string | undefined,
  context: CliContext,
): Readonly<Record<string, readonly unknown[]>> {
  const markers = new Set(plans.map((plan) => plan.marker));
  const stages = STAGES.filter((stage) => only === undefined || stage === only);
  const values = (stage: StageName) =>
    seen.filter((one) => one.stage === stage && (one.marker === undefined || markers.has(one.marker)));
  const json = Object.fromEntries(stages.map((stage) => [stage, values(stage).map((one) => one.value)]));
  if (only !== undefined && only !== 'plan') return json;
  const invalidatedBy = plans.map((plan) => {
    const own = links.filter(({ site }) => site.id === plan.id);
    return {
      id: plan.id,
      by: own.map(({ writer, invalidation }) => ({
        ...nameOf(writerFacts(writer, links, context)),
        text: invalidation.text,
      })),
    };
  });
  return { ...json, invalidatedBy, writers: writers.map((one) => writerFacts(one, links, context)) };
}

const nameOf = ({ name, place }: WriterFacts) => ({ name, place });

function printExplained(one: Explained, stage: string | undefined, context: CliContext): void {
  const { diagnostics, compiled, plans, writers, isWhole } = one;
  const { texts } = compiled;
  const about = (subject: Subject) => diagnostics.filter((said) => isAbout(said, subject));
  for (const plan of plans) {
    const links = one.links.filter(({ site }) => site.id === plan.id);
    const site = { plan, diagnostics: about(subjectOf(plan)), texts, links };
    context.print(`${explainText(site, stage, context)}\n`);
  }
  for (const writer of writers) {
    const explained = { writer, diagnostics: about(writer), texts, links: one.links };
    context.print(`${explainWriter(explained, stage, context)}\n`);
  }
  // For a whole file, also the diagnostics that are about none of its functions.
  if (!isWhole || (stage !== undefined && stage !== 'check')) return;
  const subjects = [...plans.map(subjectOf), ...writers];
  const others = diagnostics.filter((said) => !subjects.some((subject) => isAbout(said, subject)));
  for (const said of others) context.print(formatPretty(said, formatOptions(context)));
}
