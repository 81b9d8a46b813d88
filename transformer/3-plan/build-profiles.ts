// Profiles defined in the tsconfig entry: `"reports": { "extends": "production", "ttl": "1d" }` → settings that a
// marker gets by naming the profile.
import type { EffectiveProfile } from '../../runtime/contract/settings.ts';
import { bareOptions } from '../1-scan/bare-options.ts';
import type { OptionValue } from '../1-scan/marker.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { PlannedSettings } from './cache-plan.ts';
import { findConflicts } from './option-conflicts.ts';
import { displayName, settingOptions, type SettingName } from './option-names.ts';
import { isProfile, profileNames } from './profiles.ts';
import { settingValues } from './setting-values.ts';

export interface BuildProfile {
  /** The built-in profile it extends. */
  readonly base: EffectiveProfile;
  readonly settings: PlannedSettings;
}

/** Build profiles by name. */
export type BuildProfiles = Readonly<Record<string, BuildProfile>>;

/** Arguments of one CK1408. */
export interface ProfileProblem {
  readonly option: string;
  readonly suggestion?: string | undefined;
  readonly expected?: string;
}

/** A setting with a wrong value is reported and left out; the rest of its profile still counts. */
export function readBuildProfiles(entries: Readonly<Record<string, unknown>>): {
  readonly profiles: BuildProfiles;
  readonly problems: readonly ProfileProblem[];
} {
  const problems: ProfileProblem[] = [];
  const profiles: Record<string, BuildProfile> = {};
  for (const [name, value] of Object.entries(entries)) {
    const option = `profiles.${name}`;
    if (!isProfileName(name)) problems.push({ option, expected: NAMES });
    else if (!isRecord(value)) problems.push({ option, expected: 'an object of settings' });
    else profiles[name] = readProfile(option, value, problems);
  }
  return { profiles, problems };
}

const NAMES =
  'another name: letters, digits, - and _, beginning with a letter; no built-in profile and no option that stands alone';

function isProfileName(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name) || name in Object.prototype) return false;
  return !isProfile(name) && name !== 'default' && !bareOptions.includes(name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readProfile(
  option: string,
  entries: Readonly<Record<string, unknown>>,
  problems: ProfileProblem[],
): BuildProfile {
  let base: EffectiveProfile = 'default';
  let settings: PlannedSettings = {};
  for (const [name, value] of Object.entries(entries)) {
    const field = `${option}.${name}`;
    const setting = settingOptions.find((known) => displayName(known, 'call') === name);
    if (name === 'extends') {
      if (typeof value === 'string' && isProfile(value)) base = value;
      else problems.push({ option: field, expected: `one of ${profileNames.join(', ')}` });
    } else if (setting === undefined) {
      const near = suggest(name, ['extends', ...settingOptions.map((known) => displayName(known, 'call'))]);
      problems.push({ option: field, suggestion: near === undefined ? near : `${option}.${near}` });
    } else {
      const read = readSetting(setting, value);
      if (read === undefined) problems.push({ option: field, expected: expectedOf(setting) });
      else settings = { ...settings, ...read };
    }
  }
  for (const { first, second, without, why } of findConflicts({ profile: base, settings })) {
    const [one, other] = [displayName(first, 'call'), displayName(second, 'call')];
    const expected = without === true ? `'${other}' beside '${one}'` : `no '${one}' beside '${other}'`;
    problems.push({ option, expected: `${expected}: ${why}` });
  }
  return { base, settings };
}

function readSetting(name: SettingName, value: unknown): PlannedSettings | undefined {
  const option = toOptionValue(value);
  return option === undefined ? undefined : settingValues[name].read(option);
}

function toOptionValue(value: unknown): OptionValue | undefined {
  if (typeof value === 'string') return { kind: 'text', text: value, quoted: true };
  if (typeof value === 'number') return { kind: 'number', value };
  return typeof value === 'boolean' ? { kind: 'flag', on: value } : undefined;
}

function expectedOf(name: SettingName): string {
  const { expected, inCode } = settingValues[name];
  return inCode ?? expected;
}
