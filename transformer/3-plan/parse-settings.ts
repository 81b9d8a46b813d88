// The options of a marker as text → settings with units. What cannot be read becomes a finding; the rest still counts.
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

/** What a marker says, parsed. */
export interface MarkerSettings {
  /** The built-in profile: the one that is named, or the one below a profile of the build. */
  readonly profile: EffectiveProfile | undefined;
  /** The profile of the build that is named. */
  readonly buildProfile: string | undefined;
  /** Of that profile; what the marker says counts first. */
  readonly profileSettings: PlannedSettings;
  readonly settings: PlannedSettings;
  /** Of either. */
  readonly serializer: SerializerName | undefined;
  /** Where `serializer=` stands; undefined: not in the marker. */
  readonly serializerRange: Range | undefined;
  readonly name: string | undefined;
  readonly key: ListOption | undefined;
  readonly ignore: ListOption | undefined;
  /** Templates. Those of `cached()` are settings, or a function that the runtime calls. */
  readonly tags: ListOption | undefined;
  readonly tenant: ListItem | undefined;
  /** Conditions. */
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

/** Functions and objects of `cached()` that the runtime takes from the options object. */
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

/** `cached(fn, { key: (…) => … })`: the runtime calls it, so the parameters need no key form. Undefined: there is none. */
export function keyFunctionOf(marker: Marker): KeyFunction | undefined {
  const option = marker.directive.options.find((one) => one.name === 'key');
  return option?.value.kind === 'code' && marker.kind === 'call' ? option.value : undefined;
}

/** Where it stands, and its text for people. */
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

/** False: it cannot have this value. */
function readSetting(
  option: Option,
  name: keyof typeof settingValues,
  kind: Marker['kind'],
  draft: Draft,
): boolean {
  const { value } = option;
  // In a comment it is read with the key: it may be a path.
  if (name === 'self' && kind === 'comment' && textOf(value) !== 'instance') return true;
  const read = settingValues[name].read(value);
  draft.settings = { ...draft.settings, ...read };
  if (name === 'serializer') draft.serializerRange = rangeOf(option);
  return read !== undefined;
}

/** What is no setting. In code all but `name` and `tags` are functions. */
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

/** In code tags are text as it is; in a comment, templates. */
function readTags(value: OptionValue, draft: Draft): boolean {
  if (value.kind !== 'list' || !value.items.every(isLabel)) return false;
  if (value.items.length > 0) draft.settings = { ...draft.settings, tags: [...new Set(value.items)] };
  return true;
}
