// What is known of a tag before anything runs: of a template only the text before its first path.
import type { Range } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { PlannedInvalidation } from '../3-plan/plan-invalidate.ts';

export interface Tag {
  /** As written. */
  readonly text: string;
  /** Of the tag, or of what is known of it. */
  readonly prefix: string;
  readonly isWhole: boolean;
  readonly file: string;
  readonly range: Range;
}

/** The two can be one tag in a run. */
export function canBeSame(a: Tag, b: Tag): boolean {
  if (a.isWhole && b.isWhole) return a.prefix === b.prefix;
  if (a.isWhole) return a.prefix.startsWith(b.prefix);
  return b.prefix.startsWith(a.prefix) || (!b.isWhole && a.prefix.startsWith(b.prefix));
}

type Part = string | { readonly root: string; readonly steps: readonly string[] };

export function tagOf(parts: readonly Part[], file: string, range: Range): Tag {
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

/** Tags that entries of a function get, without those that a run computes. */
export function tagsOf(plan: CachePlan): readonly Tag[] {
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
export function hasComputedTags({ marker }: CachePlan): boolean {
  return marker.directive.options.some(({ name, value }) => name === 'tags' && value.kind === 'code');
}

/** Undefined: it names a function. */
export function invalidatedTag(one: PlannedInvalidation, file: string): Tag | undefined {
  if (one.kind !== 'tag') return undefined;
  const parts = one.parts.map((part) => (typeof part === 'string' ? part : part.path));
  return tagOf(parts, file, one.range);
}
