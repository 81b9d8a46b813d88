// The options of a marker as text → settings with units. What cannot be read becomes a finding; the rest still counts.
import type { Profile } from '../../runtime/contract/settings.ts';
import type { Marker, Option, OptionValue, Range } from '../1-scan/marker.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { PlannedSettings } from './cache-plan.ts';
import type { SerializerName } from './choose-serializer.ts';
import { serializerNames } from './choose-serializer.ts';
import { isNamespace } from './namespace.ts';
import type { OptionName } from './option-names.ts';
import { compilerOptions, optionsOf } from './option-names.ts';
import {
  badNamespace,
  badValue,
  innerRange,
  notStatic,
  rangeOf,
  unknownOption,
  unknownProfile,
} from './option-problems.ts';
import { parseDurationMs } from './parse-duration.ts';
import { isProfile } from './profiles.ts';

/** One item of `key=` or `ignore=`. */
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

/** What a marker says, parsed. */
export interface MarkerSettings {
  readonly profile: Profile | undefined;
  readonly settings: PlannedSettings;
  readonly serializer: SerializerName | undefined;
  /** Where `serializer=` stands. */
  readonly serializerRange: Range | undefined;
  readonly name: string | undefined;
  readonly key: ListOption | undefined;
  readonly ignore: ListOption | undefined;
}

type Draft = { -readonly [K in keyof MarkerSettings]: MarkerSettings[K] };

/** Reads the profile and all options of a marker. */
export function parseSettings(marker: Marker): {
  readonly settings: MarkerSettings;
  readonly problems: readonly Finding[];
} {
  const problems: Finding[] = [];
  const draft: Draft = {
    profile: undefined,
    settings: {},
    serializer: undefined,
    serializerRange: undefined,
    name: undefined,
    key: undefined,
    ignore: undefined,
  };
  const { directive } = marker;
  const { profile } = directive;
  if (profile !== undefined) {
    if (isProfile(profile)) draft.profile = profile;
    else problems.push(unknownProfile(profile, directive.profileRange));
  }
  for (const option of directive.options) readOption(option, marker, draft, problems);
  const backend = directive.options.find((option) => option.name === 'backend');
  if (draft.profile === 'local' && backend !== undefined && draft.settings.backend !== 'none') {
    const args = { first: 'local', second: 'backend', why: 'local keeps values in this process only' };
    problems.push({ code: 'CK1005', range: rangeOf(backend), args });
  }
  return { settings: draft, problems };
}

function readOption(option: Option, marker: Marker, draft: Draft, problems: Finding[]): void {
  const { kind } = marker;
  if (!optionsOf(kind).includes(option.name)) {
    problems.push(unknownOption(option, kind));
    return;
  }
  const name = compilerOptions.find((candidate) => candidate === option.name);
  if (name === undefined || isRuntimeValue(option, marker)) return;
  const { value } = option;
  if (value.kind === 'code' || value.kind === 'dynamic') {
    problems.push(notStatic(option));
    return;
  }
  const text = textOf(option) ?? '';
  if (text === '' || (kind === 'call' && name === 'key')) {
    const got = value.kind === 'flag' && !value.on ? `!${name}` : text;
    problems.push(badValue(option, name, got, kind));
  } else readValue(option, name, text, kind, draft, problems);
}

/** Functions and objects of `cached()` that the runtime takes from the options object. */
function isRuntimeValue(option: Option, marker: Marker): boolean {
  const isPossible = option.name === 'key' || option.name === 'backend';
  return marker.kind === 'call' && isPossible && option.value.kind === 'code';
}

/** `cached(fn, { key: (…) => … })`: the runtime calls it, so the parameters need no key form. Undefined: there is none. */
export function keyFunctionOf(marker: Marker): KeyFunction | undefined {
  const option = marker.directive.options.find((one) => one.name === 'key');
  return option?.value.kind === 'code' && marker.kind === 'call' ? option.value : undefined;
}

/** Where it stands, and its text for people. */
export type KeyFunction = Extract<OptionValue, { kind: 'code' }>;

function readValue(
  option: Option,
  name: OptionName,
  text: string,
  kind: Marker['kind'],
  draft: Draft,
  problems: Finding[],
): void {
  const set = (more: PlannedSettings | undefined): void => {
    if (more === undefined) problems.push(badValue(option, name, text, kind));
    else draft.settings = { ...draft.settings, ...more };
  };
  switch (name) {
    case 'ttl': {
      const ttlMs = parseDurationMs(option.value.kind === 'number' ? option.value.value : text);
      return set(ttlMs === undefined ? undefined : { ttlMs });
    }
    case 'namespace':
      if (isNamespace(text)) return set({ namespace: text });
      problems.push(badNamespace(option, text));
      return;
    case 'version':
      return set(isLabel(text) ? { version: text } : undefined);
    case 'backend':
      return set(/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u.test(text) ? { backend: text } : undefined);
    case 'serializer': {
      const serializer = serializerNames.find((known) => known === text);
      draft.serializer = serializer;
      draft.serializerRange = rangeOf(option);
      return set(serializer === undefined ? undefined : { serializer });
    }
    case 'name':
      if (isLabel(text)) draft.name = text;
      else problems.push(badValue(option, name, text, kind));
      return;
    case 'key':
    case 'ignore':
      draft[name] = listOf(option, text);
  }
}

/** Printable, no white space at its ends: names and versions that people compare by eye. */
function isLabel(text: string): boolean {
  return text.length <= 200 && /^[^\p{C}\p{Z}]([^\p{C}]*[^\p{C}\p{Z}])?$/u.test(text);
}

function textOf({ value }: Option): string | undefined {
  if (value.kind === 'text') return value.text;
  if (value.kind === 'number') return String(value.value);
  return value.kind === 'list' ? value.items.join(',') : undefined;
}

function listOf(option: Option, text: string): ListOption {
  const inner = innerRange(option.valueRange, text);
  // Only a value that stands in the source as it was read has places for its items.
  const exact = inner.end - inner.start === text.length;
  let at = inner.start;
  const items = text.split(',').map((item) => {
    const range = exact ? { start: at, end: at + item.length } : option.valueRange;
    at += item.length + 1;
    return { text: item.trim(), range };
  });
  return { items, range: rangeOf(option) };
}
