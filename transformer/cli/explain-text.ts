// Text of `cachekit explain` for one cached function: what each stage made of it.
import type { Target } from '../1-scan/marker.ts';
import { printSignature } from '../2-shape/print-shape.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { estimateSize, printSize } from '../3-plan/estimate-size.ts';
import type { InvalidationLink } from '../4-check/invalidation-links.ts';
import { hasComputedTags } from '../4-check/known-tags.ts';
import type { FileTexts } from '../5-generate/texts.ts';
import type { StageName } from '../compile-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPretty } from '../diagnostics/format.ts';
import { isProduction, type CliContext } from './cli-context.ts';
import { formatOptions, placeOf } from './compile-all.ts';
import { siteFacts } from './site-facts.ts';
import { writerName, writerPlace } from './writer-facts.ts';

export const STAGES: readonly StageName[] = ['scan', 'shape', 'plan', 'check', 'code'];

export interface ExplainedSite {
  readonly plan: CachePlan;
  /** Diagnostics about this function. */
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: FileTexts | undefined;
  /** What invalidates its entries. */
  readonly links: readonly InvalidationLink[];
}

/** Name and place, then one section per stage. `only`: the name of a single stage to show. */
export function explainText(site: ExplainedSite, only: string | undefined, context: CliContext): string {
  const { plan } = site;
  const sections = STAGES.filter((stage) => only === undefined || stage === only).map((stage) =>
    sectionText(stage, WRITERS[stage](site, context)),
  );
  const name = plan.marker.target.qualifiedName ?? plan.name;
  return [`${name} ${placeOf(plan, context)}`, ...sections].join('\n');
}

/** Indented lines, with the name of the stage before the first. */
export function sectionText(stage: StageName, texts: readonly string[]): string {
  return texts
    .flatMap((text) => text.split('\n'))
    .map((line, index) => `  ${(index === 0 ? stage : '').padEnd(6)} ${line}`.trimEnd())
    .join('\n');
}

/** `async function (id, opts)`. */
export function signatureLine({ async: isAsync, form, params }: Target): string {
  const names = params.flatMap((param) => param.names).join(', ');
  return `${isAsync ? 'async ' : ''}${form.replaceAll('-', ' ')} (${names})`;
}

type Writer = (site: ExplainedSite, context: CliContext) => readonly string[];

const WRITERS: Readonly<Record<StageName, Writer>> = {
  scan: ({ plan: { marker } }) => {
    const { target, directive, kind } = marker;
    const profile = directive.profile === undefined ? '' : `.${directive.profile}`;
    const options = directive.options.map((option) => option.name).join(', ');
    const captures = target.captures.map((capture) => capture.name).join(', ');
    return [
      `${kind === 'comment' ? '@cache' : 'cached'}${profile}${options === '' ? '' : ` with ${options}`}`,
      signatureLine(target),
      ...(captures === '' ? [] : [`captures ${captures}`]),
    ];
  },
  shape: ({ plan }) => [printSignature(plan.signature)],
  plan: ({ plan, links }, context) => {
    const facts = siteFacts(plan, isProduction(context));
    const { id, profile, key, index, serializer, ttl, version, shape, code, sync } = facts;
    const parts = key.parts.map((part, at) =>
      key.types[at] === undefined ? part : `${part}: ${key.types[at]}`,
    );
    return [
      `id ${id}`,
      `profile ${profile.value}: ${profile.reason}`,
      `key [${parts.join(', ')}]: ${key.reason}`,
      `memory index ${index}`,
      `serializer ${serializer.value}: ${serializer.reason}`,
      `size ${printSize(estimateSize(plan.signature.result))}: result type`,
      `ttl ${ttl}${sync ? ', synchronous' : ''}`,
      ...facts.settings
        .filter(({ name }) => name !== 'ttl' && name !== 'version' && name !== 'serializer')
        .map(({ name, value, reason }) => `${name} ${value}: ${reason}`),
      `version ${version} (code ${code}, in production shape ${shape}, unless version= says otherwise)`,
      ...invalidationLines(plan, links, context),
    ];
  },
  check: ({ diagnostics }, context) => checkLines(diagnostics, context),
  code: ({ plan, texts }) => codeOf(plan, texts),
};

/** The section of stage `check`. */
export function checkLines(diagnostics: readonly Diagnostic[], context: CliContext): readonly string[] {
  return diagnostics.length === 0
    ? ['nothing to say']
    : diagnostics.map((one) => formatPretty(one, formatOptions(context)));
}

function invalidationLines(
  plan: CachePlan,
  links: readonly InvalidationLink[],
  context: CliContext,
): readonly string[] {
  const lines = links.map(
    ({ writer, invalidation: { text } }) =>
      `invalidated by ${writerName(writer)} (${writerPlace(writer, context)}): @cacheInvalidate ${text}`,
  );
  if (hasComputedTags(plan)) lines.push('invalidated by tags that only a run knows');
  return lines.length === 0 ? ['invalidated by no @cacheInvalidate'] : lines;
}

/** What is inserted around the body of a function; undefined: nothing. */
export function insertedInto(target: Target, texts: FileTexts | undefined): readonly string[] | undefined {
  const fn = texts?.fns.find((text) => text.fnPos === target.node.start);
  return fn && [`${fn.prefix.trim()} … ${fn.suffix.trim()}`];
}

/** The generated code of one function: what is inserted into it, and its line at the end of the file. */
function codeOf(plan: CachePlan, texts: FileTexts | undefined): readonly string[] {
  const call = texts?.calls.find((text) => text.callPos === plan.marker.range.start);
  const id = JSON.stringify(plan.id);
  const tail = texts?.tail.split('\n').find((line) => line.includes(`id: ${id}`));
  if (tail === undefined) return ['not cached'];
  const code = insertedInto(plan.marker.target, texts) ?? [`cached(…${call?.text ?? ''})`];
  return [...code, tail];
}
