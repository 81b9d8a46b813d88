// An option of several values, each with its place: `key=$id,$opts.page`.
import type { Option, Range } from '../1-scan/marker.ts';
import { innerRange, rangeOf } from './option-problems.ts';

/** One value of a list. */
export interface ListItem {
  readonly text: string;
  /** The item, or the whole value where its place is not known. */
  readonly range: Range;
}

/** A list option as written. */
export interface ListOption {
  readonly items: readonly ListItem[];
  readonly range: Range;
}

/** Items between commas; `text` is the whole value. */
export function listOf(option: Option, text: string): ListOption {
  const inner = innerRange(option.valueRange, text);
  // Only a value that stands in the source as it was read has places for its items.
  const exact = inner.end - inner.start === text.length;
  let at = inner.start;
  const items = text.split(',').map((item) => {
    const blanks = item.length - item.trimStart().length;
    const start = at + blanks;
    const trimmed = item.trim();
    at += item.length + 1;
    return { text: trimmed, range: exact ? { start, end: start + trimmed.length } : option.valueRange };
  });
  return { items, range: rangeOf(option) };
}

/** The whole value as one item. */
export function itemOf(option: Option, text: string): ListItem {
  const inner = innerRange(option.valueRange, text);
  return { text, range: inner.end - inner.start === text.length ? inner : option.valueRange };
}

/** Has the item a place of its own, so that edits inside it are possible? */
export function isExact({ text, range }: ListItem): boolean {
  return range.end - range.start === text.length;
}
