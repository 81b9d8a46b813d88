// What the build knows of tags: of a template only the text before its first path.
import type { Range } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { optionsOf } from '../3-plan/option-names.ts';
import type { PlannedInvalidation } from '../3-plan/plan-invalidate.ts';
import { readAtCall } from '../3-plan/plan-key.ts';
import { textOf } from '../3-plan/setting-values.ts';
import { isUnread } from '../3-plan/unread-options.ts';

export interface Tag {
  /** As written. */
  readonly text: string;
  /** The known text at the start of the tag. */
  readonly prefix: string;
  /** True when `prefix` is the whole tag. */
  readonly isWhole: boolean;
  readonly file: string;
  readonly range: Range;
}

/** True when both could be the same tag at run time. */
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

/** Tags that entries of a function get, without those computed at run time. */
export function tagsOf(plan: CachePlan): readonly Tag[] {
  const { file, marker, settings, rules, signature, key } = plan;
  const option = marker.directive.options.find(({ name }) => name === 'tags');
  const range = option?.valueRange ?? marker.range;
  const fixed = (settings.tags ?? []).map((tag) => tagOf([tag], file, range));
  const args = [...signature.bound.map(({ name }) => name), ...readAtCall(key).map(({ label }) => label)];
  const templates = (rules.tags ?? []).map((template) => {
    const parts = template.map((part): Part => {
      if (typeof part === 'string') return part;
      const { arg, steps } = part;
      return { root: arg === 'result' ? arg : (args[arg] ?? String(arg)), steps };
    });
    return tagOf(parts, file, range);
  });
  return [...fixed, ...templates];
}

/** The same tags as written: `report:$id`. */
export function writtenTags(plan: CachePlan): readonly string[] {
  return tagsOf(plan).map(({ text }) => text);
}

/** What `tags` would write if it could be read, as far as its text says. */
export function unreadTags(plan: CachePlan): readonly Tag[] {
  if (!isUnread(plan, 'tags')) return [];
  const { file, marker } = plan;
  const known = optionsOf(marker.kind).filter((name) => name !== 'tags');
  const { options } = marker.directive;
  return options
    .filter((option) => !known.some((name) => name === option.name))
    .flatMap(({ value, valueRange: range }) =>
      (textOf(value) ?? '').split(',').map((item): Tag => {
        const prefix = /^[^$#{]*/.exec(item.trim())?.[0] ?? '';
        return { text: item, prefix, isWhole: prefix === item.trim(), file, range };
      }),
    );
}

/** True when `tags` of a `cached()` call is a function. */
export function hasComputedTags({ marker }: CachePlan): boolean {
  return marker.directive.options.some(({ name, value }) => name === 'tags' && value.kind === 'code');
}

/** The tag of an invalidation; undefined when it names a function instead. */
export function invalidatedTag(one: PlannedInvalidation, file: string): Tag | undefined {
  if (one.kind !== 'tag') return undefined;
  const parts = one.parts.map((part) => (typeof part === 'string' ? part : part.path));
  return tagOf(parts, file, one.range);
}
