// One function through the stages of the compiler, as text for people.
import { printSignature } from '../2-shape/print-shape.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { estimateSize, printSize } from '../3-plan/estimate-size.ts';
import type { FileTexts } from '../5-generate/texts.ts';
import type { StageName } from '../compile-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPretty } from '../diagnostics/format.ts';
import { isProduction, type CliContext } from './cli-context.ts';
import { formatOptions, placeOf } from './compile-all.ts';
import { siteFacts } from './site-facts.ts';

export const STAGES: readonly StageName[] = ['scan', 'shape', 'plan', 'check', 'code'];

export interface ExplainedSite {
  readonly plan: CachePlan;
  /** Those about this function. */
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: FileTexts | undefined;
}

/** Name and place, then one section a stage; `only`: that one. */
export function explainText(site: ExplainedSite, only: string | undefined, context: CliContext): string {
  const { plan } = site;
  const sections = STAGES.filter((stage) => only === undefined || stage === only).map((stage) => {
    const lines = WRITERS[stage](site, context).flatMap((text) => text.split('\n'));
    return lines
      .map((line, index) => `  ${(index === 0 ? stage : '').padEnd(6)} ${line}`.trimEnd())
      .join('\n');
  });
  const name = plan.marker.target.qualifiedName ?? plan.name;
  return [`${name} ${placeOf(plan, context)}`, ...sections].join('\n');
}

type Writer = (site: ExplainedSite, context: CliContext) => readonly string[];

const WRITERS: Readonly<Record<StageName, Writer>> = {
  scan: ({ plan: { marker } }) => {
    const { target, directive, kind } = marker;
    const profile = directive.profile === undefined ? '' : `.${directive.profile}`;
    const options = directive.options.map((option) => option.name).join(', ');
    const words = target.form.replaceAll('-', ' ');
    const captures = target.captures.map((capture) => capture.name).join(', ');
    return [
      `${kind === 'comment' ? '@cache' : 'cached'}${profile}${options === '' ? '' : ` with ${options}`}`,
      `${target.async ? 'async ' : ''}${words} (${target.params.flatMap((param) => param.names).join(', ')})`,
      ...(captures === '' ? [] : [`captures ${captures}`]),
    ];
  },
  shape: ({ plan }) => [printSignature(plan.signature)],
  plan: ({ plan }, context) => {
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
    ];
  },
  check: ({ diagnostics }, context) =>
    diagnostics.length === 0
      ? ['nothing to say']
      : diagnostics.map((one) => formatPretty(one, formatOptions(context))),
  code: ({ plan, texts }) => codeOf(plan, texts),
};

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
