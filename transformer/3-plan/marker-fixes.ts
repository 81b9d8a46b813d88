// Edits of a marker that a finding offers. Only of comments: in a call, options are code with commas around them.
import type { Marker } from '../1-scan/marker.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import { rangeOf } from './option-problems.ts';

/** Without the option of that name, where the marker has it. */
export function withoutOption({ kind, directive }: Marker, name: string): readonly Fix[] {
  const option = kind === 'comment' ? directive.options.find((one) => one.name === name) : undefined;
  if (option === undefined) return [];
  const { start, end } = rangeOf(option);
  // With the blank that stands before each option.
  return [{ title: `Remove '${name}'`, edits: [{ start: start - 1, end, text: '' }] }];
}

/** With one more option. */
export function withOption({ kind, range }: Marker, text: string, title: string): readonly Fix[] {
  if (kind === 'call') return [];
  return [{ title, edits: [{ start: range.end, end: range.end, text: ` ${text}` }] }];
}

/** `name` in `ignore=`. Beside `key=`, which already says what enters the key, there is none. */
export function leavingOut(marker: Marker, name: string): readonly Fix[] {
  const { options } = marker.directive;
  if (marker.kind === 'call' || options.some((one) => one.name === 'key')) return [];
  const title = `Leave it out: ignore=${name}`;
  return options.some((one) => one.name === 'ignore')
    ? withItem(marker, 'ignore', name, title)
    : withOption(marker, `ignore=${name}`, title);
}

/** With one more value in the list of an option, where it is written without quotes. */
export function withItem(
  { kind, directive }: Marker,
  name: string,
  item: string,
  title: string,
): readonly Fix[] {
  const option = kind === 'comment' ? directive.options.find((one) => one.name === name) : undefined;
  if (option === undefined) return [];
  const { value, valueRange } = option;
  const isBare = value.kind === 'list' || (value.kind === 'text' && !value.quoted);
  const { end } = valueRange;
  return isBare ? [{ title, edits: [{ start: end, end, text: `,${item}` }] }] : [];
}

/** With another built-in profile. */
export function withProfile({ kind, directive }: Marker, profile: string, title: string): readonly Fix[] {
  if (kind === 'call') return [];
  const { profileRange } = directive;
  const { end } = profileRange;
  const edit =
    directive.profile === undefined
      ? { start: end, end, text: `.${profile}` }
      : { ...profileRange, text: profile };
  return [{ title, edits: [edit] }];
}

/** Uncached again. Of a marker in several pieces there is no fix: the other pieces would still mark. */
export function withoutMarker({ kind, directive, range }: Marker): readonly Fix[] {
  const isWhole = directive.options.every((one) => rangeOf(one).end <= range.end);
  if (kind === 'call' || !isWhole || directive.profileRange.end > range.end) return [];
  return [{ title: 'Remove the marker', edits: [{ ...range, text: '' }] }];
}
