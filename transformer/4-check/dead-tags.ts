// Tags with only one side. Of a template only the text before its first path is known.
import type { Range } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { ProgramFinding, ProgramInput, ProgramRule } from './program-rule.ts';

interface Tag {
  /** As written. */
  readonly text: string;
  /** Of the tag, or of what is known of it. */
  readonly prefix: string;
  readonly isWhole: boolean;
  readonly file: string;
  readonly range: Range;
}

/** CK2019: a warning where it is invalidated and never written, else an info. */
export const deadTags: ProgramRule = (input) => {
  const written = input.plans.flatMap(tagsOf);
  const invalidated = invalidatedTags(input);
  const isOpenEnded = input.plans.some(hasComputedTags);
  const dead = isOpenEnded ? [] : without(invalidated, written).map((tag) => finding(tag, written));
  const isAnyInvalidated = input.facts.tags.some(({ tag }) => tag === undefined);
  const unused = isAnyInvalidated ? [] : without(written, invalidated).map((tag) => finding(tag, undefined));
  return [...dead, ...unused];
};

function without(tags: readonly Tag[], others: readonly Tag[]): readonly Tag[] {
  return tags.filter((tag) => !others.some((other) => canBeSame(tag, other)));
}

function canBeSame(a: Tag, b: Tag): boolean {
  if (a.isWhole && b.isWhole) return a.prefix === b.prefix;
  if (a.isWhole) return a.prefix.startsWith(b.prefix);
  return b.prefix.startsWith(a.prefix) || (!b.isWhole && a.prefix.startsWith(b.prefix));
}

function finding(tag: Tag, written: readonly Tag[] | undefined): ProgramFinding {
  const suggestion = written && suggest(tag.text, [...new Set(written.map(({ text }) => text))]);
  const args = { tag: tag.text, isWritten: written === undefined, suggestion };
  const isInfo = written === undefined;
  return { file: tag.file, finding: { code: 'CK2019', range: tag.range, args }, isInfo };
}

type Part = string | { readonly root: string; readonly steps: readonly string[] };

function tagOf(parts: readonly Part[], file: string, range: Range): Tag {
  const text = parts
    .map((part) =>
      typeof part === 'string' ? part : `$${[part.root.replace(/^\$/, ''), ...part.steps].join('.')}`,
    )
    .join('');
  const first = parts.findIndex((part) => typeof part !== 'string');
  const known = parts
    .slice(0, first === -1 ? parts.length : first)
    .filter((part) => typeof part === 'string');
  return { text, prefix: known.join(''), isWhole: first === -1, file, range };
}

function tagsOf(plan: CachePlan): readonly Tag[] {
  const { file, marker, settings, rules, signature } = plan;
  const option = marker.directive.options.find(({ name }) => name === 'tags');
  const range = option?.valueRange ?? marker.range;
  const fixed = (settings.tags ?? []).map((tag) => tagOf([tag], file, range));
  const templates = (rules.tags ?? []).map((template) => {
    const parts = template.map((part): Part => {
      if (typeof part === 'string') return part;
      const { arg, steps } = part;
      return { root: arg === 'result' ? arg : (signature.bound[arg]?.name ?? String(arg)), steps };
    });
    return tagOf(parts, file, range);
  });
  return [...fixed, ...templates];
}

/** Tags of a function as written: `report:$id`. Those that a run computes are not among them. */
export function writtenTags(plan: CachePlan): readonly string[] {
  return tagsOf(plan).map(({ text }) => text);
}

/** `tags` of a `cached()` call can be a function. */
function hasComputedTags({ marker }: CachePlan): boolean {
  return marker.directive.options.some(({ name, value }) => name === 'tags' && value.kind === 'code');
}

function invalidatedTags({ writers, facts }: ProgramInput): readonly Tag[] {
  const marked = writers.flatMap(({ file, invalidations }) =>
    invalidations.flatMap((one) => {
      if (one.kind !== 'tag') return [];
      return tagOf(
        one.parts.map((part) => (typeof part === 'string' ? part : part.path)),
        file,
        one.range,
      );
    }),
  );
  const called = facts.tags.flatMap(({ tag, file, range }) =>
    tag === undefined ? [] : tagOf([tag], file, range),
  );
  return [...marked, ...called];
}
