// Options that contradict each other or do not fit the function: CK1005, CK1101, CK1303, CK1304.
import type { EffectiveProfile } from '../../runtime/contract/settings.ts';
import type { Marker } from '../1-scan/marker.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { KeyPlan, PlannedSettings } from './cache-plan.ts';
import { withoutOption } from './marker-fixes.ts';
import { findConflicts, type Conflict } from './option-conflicts.ts';
import { displayName, type OptionName, optionsOf } from './option-names.ts';
import { rangeOf } from './option-problems.ts';
import { isUnread } from './unread-options.ts';

export interface OptionsInput {
  readonly marker: Marker;
  readonly profile: EffectiveProfile;
  /** All settings in effect, including those of a build profile. */
  readonly settings: PlannedSettings;
  readonly key: KeyPlan;
  /** Of the marker, those that could not be read. */
  readonly unread: readonly OptionName[];
  readonly sync: boolean;
  /** Every secure function must name its tenant. */
  readonly multiTenant: boolean;
}

export function checkOptions(input: OptionsInput): readonly Finding[] {
  return [...checkConflicts(input), ...checkSync(input), ...checkTenant(input)];
}

/** Conflicts that involve an option of the marker. Those within a build profile were reported in the tsconfig. */
function checkConflicts(input: OptionsInput): readonly Finding[] {
  const { marker, profile, settings, key } = input;
  const { options } = marker.directive;
  const written = new Set(options.map((option) => option.name));
  const hasCaptures = key.parts.some((part) => part.source === 'capture' || part.source === 'this');
  const conflicts = findConflicts({ profile, settings, written, hasCaptures });
  return conflicts.flatMap((conflict): readonly Finding[] => {
    const option = options.find(({ name }) => name === conflict.first || name === conflict.second);
    if (option === undefined || isOfUnread(conflict, input)) return [];
    const args = wordsOf(conflict, marker.kind);
    return [{ code: 'CK1005', range: rangeOf(option), args, fixes: withoutEither(marker, conflict) }];
  });
}

/** True when there is no conflict if an option that could not be read is what was meant. */
function isOfUnread({ second, without }: Conflict, input: OptionsInput): boolean {
  const isOfProfile = second === 'secure' || second === 'stale-if-error';
  if (isOfProfile && isUnread(input, 'profile')) return true;
  return without === true && input.unread.some((name) => name === second);
}

/** Offers to remove either option, but never `interop`: programs in other languages may read those entries. */
function withoutEither(marker: Marker, { first, second, without }: Conflict): readonly Fix[] {
  return [
    ...(first === 'interop' ? [] : withoutOption(marker, first)),
    ...(without === true ? [] : withoutOption(marker, second)),
  ];
}

function wordsOf({ second, ...conflict }: Conflict, kind: Marker['kind']) {
  const isOption = optionsOf(kind).some((name) => name === second);
  const first = displayName(conflict.first, kind);
  return { ...conflict, first, second: isOption ? displayName(second, kind) : second };
}

/** Options that need an asynchronous function, and the setting of each. */
const ASYNC_OPTIONS: Readonly<Record<string, keyof PlannedSettings | undefined>> = {
  swr: 'swrMs',
  'soft-timeout': 'softTimeoutMs',
  'refresh-ahead': 'refreshAhead',
  lock: 'lock',
  tenant: undefined,
  interop: undefined,
};

function checkSync({ marker, sync }: OptionsInput): readonly Finding[] {
  if (!sync) return [];
  return marker.directive.options
    .filter(({ name, value }) => name in ASYNC_OPTIONS && !(value.kind === 'flag' && !value.on))
    .map((option) => {
      const args = { name: marker.target.name, option: displayName(option.name, marker.kind) };
      return { code: 'CK1101', range: rangeOf(option), args, fixes: withoutOption(marker, option.name) };
    });
}

/** The settings of a build profile that a synchronous function can use; CK3011 reports the others. */
export function withoutAsync(settings: PlannedSettings): PlannedSettings {
  const fields = new Set(Object.values(ASYNC_OPTIONS));
  const kept = Object.entries(settings).filter(([name]) => !fields.has(name as keyof PlannedSettings)); // its own keys
  return Object.fromEntries(kept);
}

function checkTenant(input: OptionsInput): readonly Finding[] {
  const { marker, profile, settings, multiTenant } = input;
  if (!multiTenant || profile !== 'secure' || isUnread(input, 'profile', 'tenant', 'interop')) return [];
  if (settings.interop !== undefined) {
    // Adding a tenant would not help: interop/v1 keys have no place for one.
    const place = marker.directive.options.find(({ name }) => name === 'interop');
    const range = place === undefined ? marker.range : rangeOf(place);
    return [{ code: 'CK1304', range, args: { name: marker.target.name } }];
  }
  if (marker.directive.options.some(({ name }) => name === 'tenant')) return [];
  return [{ code: 'CK1303', range: marker.range, args: { name: marker.target.name } }];
}
