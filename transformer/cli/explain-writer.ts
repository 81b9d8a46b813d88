// Text of `cachekit explain` for one function with `@cacheInvalidate`: what each stage made of it.
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import type { InvalidationLink } from '../4-check/invalidation-links.ts';
import type { FileTexts } from '../5-generate/texts.ts';
import type { StageName } from '../compile-file.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CliContext } from './cli-context.ts';
import { checkLines, insertedInto, sectionText, signatureLine } from './explain-text.ts';
import { writerFacts } from './writer-facts.ts';

interface ExplainedWriter {
  readonly writer: WriterPlan;
  /** Diagnostics about this function. */
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: FileTexts | undefined;
  /** Links of the whole project. */
  readonly links: readonly InvalidationLink[];
}

/** Without `shape`, as writers have none: their arguments and results are not stored. */
type WriterStage = Exclude<StageName, 'shape'>;

/** Name and place, then one section per stage. `only`: the name of a single stage to show. */
export function explainWriter(
  explained: ExplainedWriter,
  only: string | undefined,
  context: CliContext,
): string {
  const { writer, diagnostics, texts, links } = explained;
  const facts = writerFacts(writer, links, context);
  const said: Readonly<Record<WriterStage, () => readonly string[]>> = {
    scan: () => [
      ...writer.invalidations.map(({ text }) => `@cacheInvalidate ${text}`),
      signatureLine(writer.target),
    ],
    plan: () => [
      ...facts.invalidates.map(({ text, kind, functions }) => {
        const names = functions.map(({ name, place }) => `${name} (${place})`).join(', ');
        return `invalidates ${text}: ${REASONS[kind]} ${names === '' ? 'of no function of this project' : `of ${names}`}`;
      }),
      'when: after the function has succeeded; a failure invalidates nothing',
    ],
    check: () => checkLines(diagnostics, context),
    code: () => insertedInto(writer.target, texts) ?? ['invalidates nothing'],
  };
  const stages = (['scan', 'plan', 'check', 'code'] as const).filter(
    (stage) => only === undefined || stage === only,
  );
  return [`${facts.name} ${facts.place}`, ...stages.map((stage) => sectionText(stage, said[stage]()))].join(
    '\n',
  );
}

const REASONS = { call: 'the entry of one call', 'all calls': 'all entries', tag: 'entries with the tag' };
