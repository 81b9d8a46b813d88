// Which options of a marker could not be read. What would follow from such an option is not known, so rules say nothing
// about it: one cause, one message.
import type { Marker, Range } from '../1-scan/marker.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { CachePlan } from './cache-plan.ts';
import { displayName, type OptionName, optionsOf } from './option-names.ts';
import { rangeOf } from './option-problems.ts';

/** Problems after which an option has no value, or not all of it. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'CK1003',
  'CK1010',
  'CK1011',
  'CK1012',
  'CK1013',
  'CK1018',
  'CK1019',
  'CK1020',
]);

/** `problems`: of reading the options, in any order. A misspelt name counts as the option that was probably meant. */
export function unreadOptions(
  { kind, directive }: Marker,
  problems: readonly Finding[],
): readonly OptionName[] {
  const names = optionsOf(kind);
  return problems.flatMap((problem): readonly OptionName[] => {
    if (problem.code === 'CK1001') return ['profile'];
    if (problem.code === 'CK1002')
      return names.filter((name) => displayName(name, kind) === problem.args.suggestion);
    if (!UNREADABLE.has(problem.code)) return [];
    const option = directive.options.find((one) => contains(rangeOf(one), problem.range));
    return names.filter((name) => name === option?.name);
  });
}

/** True when one of these options was written and could not be read. */
export function isUnread(
  { unread = [] }: Pick<CachePlan, 'unread'>,
  ...names: readonly OptionName[]
): boolean {
  return names.some((name) => unread.includes(name));
}

function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
