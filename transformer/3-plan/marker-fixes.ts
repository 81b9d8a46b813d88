// Fixes that edit a marker. Only for comments: in a call, options are code, with commas around them.
import type { Marker } from '../1-scan/marker.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import { rangeOf } from './option-problems.ts';

/** Removes the option of that name, if the marker has it. */
export function withoutOption({ kind, directive }: Marker, name: string): readonly Fix[] {
  const option = kind === 'comment' ? directive.options.find((one) => one.name === name) : undefined;
  if (option === undefined) return [];
  const { start, end } = rangeOf(option);
  // Includes the blank before the option.
  return [{ title: `Remove '${name}'`, edits: [{ start: start - 1, end, text: '' }] }];
}

/** Adds an option. */
export function withOption({ kind, range }: Marker, text: string, title: string): readonly Fix[] {
  if (kind === 'call') return [];
  return [{ title, edits: [{ start: range.end, end: range.end, text: ` ${text}` }] }];
}

/** Adds `name` to `ignore=`. No fix beside `key=`, which already says what enters the key. */
export function leavingOut(marker: Marker, name: string): readonly Fix[] {
  const { options } = marker.directive;
  if (marker.kind === 'call' || options.some((one) => one.name === 'key')) return [];
  const title = `Leave it out: ignore=${name}`;
  return options.some((one) => one.name === 'ignore')
    ? withItem(marker, 'ignore', name, title)
    : withOption(marker, `ignore=${name}`, title);
}

/** Adds a value to the list of an option, if that list is written without quotes. */
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

/** Names another built-in profile. */
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

/** Removes the whole marker. No fix when it consists of several tags, as the others would still mark the function. */
export function withoutMarker({ kind, directive, range }: Marker): readonly Fix[] {
  const isWhole = directive.options.every((one) => rangeOf(one).end <= range.end);
  if (kind === 'call' || !isWhole || directive.profileRange.end > range.end) return [];
  return [{ title: 'Remove the marker', edits: [{ ...range, text: '' }] }];
}
