// Parses the options of a marker into settings. An option that cannot be read becomes a finding; the rest still counts.
import type { EffectiveProfile } from '../../runtime/contract/settings.ts';
import type { Marker, Option, OptionValue, Range } from '../1-scan/marker.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { BuildProfiles } from './build-profiles.ts';
import type { PlannedSettings } from './cache-plan.ts';
import type { SerializerName } from './choose-serializer.ts';
import { serializerNames } from './choose-serializer.ts';
import { itemOf, listOf, type ListItem, type ListOption } from './list-option.ts';
import type { OptionName } from './option-names.ts';
import { optionsOf } from './option-names.ts';
import {
  badNamespace,
  badValue,
  notStatic,
  rangeOf,
  unknownOption,
  unknownProfile,
} from './option-problems.ts';
import { isProfile } from './profiles.ts';
import { isLabel, settingValues, textOf } from './setting-values.ts';

export type { ListItem, ListOption } from './list-option.ts';

/** The parsed options of a marker. */
export interface MarkerSettings {
  /** The built-in profile the marker names, or the one that the named build profile extends. */
  readonly profile: EffectiveProfile | undefined;
  /** The build profile the marker names. */
  readonly buildProfile: string | undefined;
  /** Settings of that build profile; `settings` has precedence. */
  readonly profileSettings: PlannedSettings;
  /** Settings of the marker itself. */
  readonly settings: PlannedSettings;
  /** The built-in serializer that the marker or its build profile names. */
  readonly serializer: SerializerName | undefined;
  /** Range of `serializer=`; undefined when the marker has none. */
  readonly serializerRange: Range | undefined;
  readonly name: string | undefined;
  readonly key: ListOption | undefined;
  readonly ignore: ListOption | undefined;
  /** Tag templates of a comment. Tags of `cached()` are settings, or a function that the runtime calls. */
  readonly tags: ListOption | undefined;
  readonly tenant: ListItem | undefined;
  /** Conditions of a comment; those of `cached()` are functions. */
  readonly when: ListItem | undefined;
  readonly unless: ListItem | undefined;
}

type Draft = { -readonly [K in keyof MarkerSettings]: MarkerSettings[K] };

/** Reads the profile and all options of a marker. */
export function parseSettings(
  marker: Marker,
  profiles: BuildProfiles = {},
): { readonly settings: MarkerSettings; readonly problems: readonly Finding[] } {
  const problems: Finding[] = [];
  const draft: Draft = {
    ...readProfile(marker, profiles, problems),
    settings: {},
    serializer: undefined,
    serializerRange: undefined,
    name: undefined,
    key: undefined,
    ignore: undefined,
    tags: undefined,
    tenant: undefined,
    when: undefined,
    unless: undefined,
  };
  for (const option of marker.directive.options) readOption(option, marker, draft, problems);
  const { serializer } = { ...draft.profileSettings, ...draft.settings };
  draft.serializer = serializerNames.find((known) => known === serializer);
  return { settings: draft, problems };
}

function readProfile(
  { directive }: Marker,
  profiles: BuildProfiles,
  problems: Finding[],
): Pick<MarkerSettings, 'profile' | 'buildProfile' | 'profileSettings'> {
  const { profile, profileRange } = directive;
  const none = { profile: undefined, buildProfile: undefined, profileSettings: {} };
  if (profile === undefined) return none;
  if (isProfile(profile)) return { ...none, profile };
  const own = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  if (own !== undefined) return { profile: own.base, buildProfile: profile, profileSettings: own.settings };
  problems.push(unknownProfile(profile, profileRange, Object.keys(profiles)));
  return none;
}

function readOption(option: Option, marker: Marker, draft: Draft, problems: Finding[]): void {
  const { kind } = marker;
  const name = optionsOf(kind).find((known) => known === option.name);
  if (name === undefined) problems.push(unknownOption(option, kind));
  else if (option.value.kind !== 'code' && option.value.kind !== 'dynamic')
    readWritten(option, name, kind, draft, problems);
  else if (!isRuntimeValue(name, marker)) problems.push(notStatic(option, kind));
}

/** Options of `cached()` that may be computed, as the runtime reads them from the options object itself. */
const RUNTIME_VALUES: readonly OptionName[] = [
  'ttl',
  'key',
  'backend',
  'tags',
  'when',
  'unless',
  'tenant',
  'batch',
];

function isRuntimeValue(name: OptionName, { kind }: Marker): boolean {
  return kind === 'call' && RUNTIME_VALUES.includes(name);
}

/** The `key` of `cached(fn, { key: (…) => … })`. The runtime calls it, so the parameters need not be keyable. */
export function keyFunctionOf(marker: Marker): KeyFunction | undefined {
  const option = marker.directive.options.find((one) => one.name === 'key');
  return option?.value.kind === 'code' && marker.kind === 'call' ? option.value : undefined;
}

/** Range of a key function, and its shortened text for messages. */
export type KeyFunction = Extract<OptionValue, { kind: 'code' }>;

function readWritten(
  option: Option,
  name: OptionName,
  kind: Marker['kind'],
  draft: Draft,
  problems: Finding[],
): void {
  const isRead =
    name in settingValues
      ? readSetting(option, name as keyof typeof settingValues, kind, draft) // just checked
      : readOfFunction(option, name, kind, draft);
  if (isRead) return;
  const text = textOf(option.value) ?? '';
  const isNamespace = name === 'namespace' && text !== '';
  problems.push(isNamespace ? badNamespace(option, text) : badValue(option, name, kind));
}

/** False: the option cannot have this value. */
function readSetting(
  option: Option,
  name: keyof typeof settingValues,
  kind: Marker['kind'],
  draft: Draft,
): boolean {
  const { value } = option;
  // In a comment `self` may be a path, which is read with the key.
  if (name === 'self' && kind === 'comment' && textOf(value) !== 'instance') return true;
  const read = settingValues[name].read(value);
  draft.settings = { ...draft.settings, ...read };
  if (name === 'serializer') draft.serializerRange = rangeOf(option);
  return read !== undefined;
}

/** Options that are no settings. In `cached()` all of them but `name` and `tags` are functions. */
function readOfFunction(option: Option, name: OptionName, kind: Marker['kind'], draft: Draft): boolean {
  const text = textOf(option.value) ?? '';
  const isComment = kind === 'comment';
  switch (name) {
    case 'name':
      draft.name = isLabel(text) ? text : undefined;
      return isLabel(text);
    case 'tags':
      if (!isComment) return readTags(option.value, draft);
      if (text !== '') draft.tags = listOf(option, text);
      return text !== '';
    case 'key':
    case 'ignore':
      if (isComment && text !== '') draft[name] = listOf(option, text);
      return isComment && text !== '';
    case 'when':
    case 'unless':
    case 'tenant':
      if (isComment && text !== '') draft[name] = itemOf(option, text);
      return isComment && text !== '';
    default:
      return false;
  }
}

/** Tags in `cached()`, which are plain texts; in a comment they are templates. */
function readTags(value: OptionValue, draft: Draft): boolean {
  if (value.kind !== 'list' || !value.items.every(isLabel)) return false;
  if (value.items.length > 0) draft.settings = { ...draft.settings, tags: [...new Set(value.items)] };
  return true;
}
