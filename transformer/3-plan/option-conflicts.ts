// Finds settings that contradict each other, or of which one makes the other useless.
import type { EffectiveProfile } from '../../runtime/contract/settings.ts';
import type { PlannedSettings } from './cache-plan.ts';
import type { OptionName } from './option-names.ts';
import { isInteropSegment } from './setting-values.ts';

export interface Conflict {
  /** The option that cannot be used. */
  readonly first: OptionName;
  /** The option it conflicts with, or what takes its place: `secure`. */
  readonly second: string;
  /** True when `first` needs `second` and it is missing. Default false. */
  readonly without?: true;
  /** A clause without a full stop. */
  readonly why: string;
}

export interface ConflictInput {
  readonly profile: EffectiveProfile;
  /** Of the marker and of the build profile it names. */
  readonly settings: PlannedSettings;
  /** Names of all options of the marker. Default: none. */
  readonly written?: ReadonlySet<string>;
  /** True when captured variables or fields of `this` are part of the key. Default false. */
  readonly hasCaptures?: boolean;
}

/** Options that make no sense when entries are only in the memory of this process. */
const OF_TIERS: ReadonlySet<string> = new Set(['backend', 'lock', 'compress', 'integrity', 'interop', 'l1']);

/** True for an option that is about a second tier. */
export function needsTier(option: string): boolean {
  return OF_TIERS.has(option);
}

/** All conflicts, each pair at most once. */
export function findConflicts(input: ConflictInput): readonly Conflict[] {
  return [
    ...placeConflicts(input),
    ...secureConflicts(input),
    ...timeConflicts(input),
    ...interopConflicts(input),
  ];
}

/** Conflicts about where entries are: in this process, in a backend, or nowhere. */
function placeConflicts({ profile, settings }: ConflictInput): readonly Conflict[] {
  const found: Conflict[] = [];
  const { backend, self, l1 } = settings;
  const add = (first: OptionName, second: string, why: string): void =>
    void found.push({ first, second, why });
  const hasBackend = backend !== undefined && backend !== 'none';
  if (profile === 'local' && hasBackend) add('backend', 'local', 'local keeps values in this process only');
  if (self !== undefined && hasBackend)
    add('backend', 'self', 'entries of one object stay in the memory of this process');
  const alone =
    profile === 'local' ? 'local' : self !== undefined ? 'self' : backend === 'none' ? 'backend' : undefined;
  if (alone !== undefined) {
    const why = 'nothing leaves this process';
    if (settings.lock !== undefined) add('lock', alone, why);
    if (settings.compress !== undefined) add('compress', alone, why);
    if (settings.integrity !== undefined) add('integrity', alone, why);
    if (l1 === false) add('l1', alone, 'no tier is left');
  }
  if (settings.share === true && l1 === false)
    add('share', 'l1', 'values are shared in memory only, which is off');
  return found;
}

function secureConflicts({ profile, settings }: ConflictInput): readonly Conflict[] {
  if (profile !== 'secure') return [];
  const found: Conflict[] = [];
  if (settings.share === true)
    found.push({
      first: 'share',
      second: 'secure',
      why: 'memory holds encrypted values, and each hit gets its own',
    });
  if (settings.integrity !== undefined)
    found.push({ first: 'integrity', second: 'secure', why: 'its entries are authenticated already' });
  return found;
}

function timeConflicts({ profile, settings }: ConflictInput): readonly Conflict[] {
  const found: Conflict[] = [];
  // The production profile has stale-if-error by default.
  const hasOld = settings.staleIfErrorMs !== undefined || profile === 'production';
  if (settings.softTimeoutMs !== undefined && !hasOld) {
    const why = 'there is no old value to answer with';
    found.push({ first: 'soft-timeout', second: 'stale-if-error', without: true, why });
  }
  const { refreshAhead = false, refreshTtlOnGet = false } = settings;
  if (refreshAhead !== false && refreshTtlOnGet !== false) {
    const why = 'an entry whose ttl starts again needs no run ahead of its end';
    found.push({ first: 'refresh-ahead', second: 'refresh-ttl-on-get', why });
  }
  return found;
}

const NOT_WITH_INTEROP: readonly (readonly [OptionName, string])[] = [
  ['key', 'other languages make the key of all arguments'],
  ['ignore', 'other languages make the key of all arguments'],
  ['tags', 'other languages do not store them'],
  ['tenant', 'its keys have no place for one'],
  ['version', 'its keys have no place for one'],
  ['compress', 'other languages read the value as it is'],
  ['integrity', 'other languages read the value as it is'],
  ['self', 'other languages do not have the object'],
];

/** With `interop`, keys and bytes are fixed by what the libraries of other languages do. */
function interopConflicts({
  settings,
  written = new Set(),
  hasCaptures,
}: ConflictInput): readonly Conflict[] {
  if (settings.interop === undefined) return [];
  const inSettings: Partial<Record<OptionName, unknown>> = settings;
  const found = NOT_WITH_INTEROP.filter(
    ([name]) => written.has(name) || (name !== 'self' && inSettings[name] !== undefined),
  ).map(([second, why]): Conflict => ({ first: 'interop', second, why }));
  const add = (second: string, why: string): void => void found.push({ first: 'interop', second, why });
  const { serializer, namespace } = settings;
  if (serializer !== undefined && serializer !== 'std')
    add('serializer', 'other languages read plain MessagePack');
  if (hasCaptures === true)
    add('captured variables', 'other languages make the key of the arguments alone; pass them as parameters');
  if (namespace === undefined)
    found.push({
      first: 'interop',
      second: 'namespace',
      without: true,
      why: 'other languages need its name',
    });
  else if (!isInteropSegment(namespace) || namespace === 'ns' || namespace === 'nsapi')
    add(
      `namespace=${namespace}`,
      'there it begins with a letter or digit, has no "..", and is not ns or nsapi',
    );
  return found;
}
