// Settings that contradict each other, or of which one leaves the other without effect.
import type { EffectiveProfile } from '../../runtime/contract/settings.ts';
import type { PlannedSettings } from './cache-plan.ts';
import type { OptionName } from './option-names.ts';
import { isInteropSegment } from './setting-values.ts';

export interface Conflict {
  /** The option that cannot be. */
  readonly first: OptionName;
  /** Another option, or what stands in its place: `secure`. */
  readonly second: string;
  /** `second` is what is missing. Default false. */
  readonly without?: true;
  /** A clause. */
  readonly why: string;
}

export interface ConflictInput {
  readonly profile: EffectiveProfile;
  /** Of the marker and of its profile. */
  readonly settings: PlannedSettings;
  /** All options of the marker by name. Default: none. */
  readonly written?: ReadonlySet<string>;
  /** Variables of enclosing functions are part of the key. Default false. */
  readonly hasCaptures?: boolean;
}

/** Options that make no sense where entries are in the memory of this process only. */
const OF_TIERS: ReadonlySet<string> = new Set(['backend', 'lock', 'compress', 'integrity', 'interop', 'l1']);

/** Asks for a tier besides the memory of this process. */
export function needsTier(option: string): boolean {
  return OF_TIERS.has(option);
}

/** In the order of the rules; the same pair once. */
export function findConflicts(input: ConflictInput): readonly Conflict[] {
  return [
    ...placeConflicts(input),
    ...secureConflicts(input),
    ...timeConflicts(input),
    ...interopConflicts(input),
  ];
}

/** Where entries are: in this process, in a backend, or nowhere. */
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
  // production serves old values on errors unless it says how long.
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

/** Keys and bytes are fixed by what other languages do. */
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
