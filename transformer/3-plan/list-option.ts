// An option with several values, each with its range in the file: `key=$id,$opts.page`.
import type { Option, Range } from '../1-scan/marker.ts';
import { innerRange, rangeOf } from './option-problems.ts';

/** One value of a list. */
export interface ListItem {
  readonly text: string;
  /** The range of the item, or of the whole value when that of the item is not known. */
  readonly range: Range;
}

/** A list option as written. */
export interface ListOption {
  readonly items: readonly ListItem[];
  readonly range: Range;
}

/** Splits `text`, the whole value of the option, at its commas. */
export function listOf(option: Option, text: string): ListOption {
  const inner = innerRange(option.valueRange, text);
  // Ranges of items are known only if the value was read exactly as it stands in the source (no escapes).
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

/** True when `range` covers exactly the item, so that fixes can edit parts of it. */
export function isExact({ text, range }: ListItem): boolean {
  return range.end - range.start === text.length;
}
