// What `ls` and `explain` show of one cached function.
import { printShape } from '../2-shape/print-shape.ts';
import type { CachePlan, Choice } from '../3-plan/cache-plan.ts';
import { keyFunctionOf } from '../3-plan/parse-settings.ts';
import { formatDuration } from '../4-check/format-duration.ts';
import { saidSettings, type SaidSetting } from './said-settings.ts';

export interface SiteFacts {
  readonly name: string;
  readonly id: string;
  readonly profile: Choice<string>;
  /** As written in a marker, such as `5m`; `default` when not set for this function. */
  readonly ttl: string;
  /** `default` when not set for this function. */
  readonly namespace: string;
  /** `default` when not set for this function. */
  readonly backend: string;
  /** All settings written for the function, with their source. */
  readonly settings: readonly SaidSetting[];
  /** Parts with their types, or the text of a key function. */
  readonly key: {
    readonly parts: readonly string[];
    readonly types: readonly string[];
    readonly reason: string;
  };
  /** How memory finds an entry: `1`, `n by q?.userId`. */
  readonly index: string;
  readonly serializer: Choice<string>;
  /**
   * Which fingerprint is the version, and its first 8 digits: `code 3f9a12cd`; or `none`, or the text the user wrote.
   */
  readonly version: string;
  /** Both fingerprints, 16 hex digits. */
  readonly shape: string;
  readonly code: string;
  readonly sync: boolean;
  /** The reasons for profile and serializer, in brief. */
  readonly why: string;
}

/** @param isProduction whether the program will run with NODE_ENV=production, which decides the version of entries. */
export function siteFacts(plan: CachePlan, isProduction: boolean): SiteFacts {
  const { key, settings, signature, profile, serializer } = plan;
  const keyFunction = keyFunctionOf(plan.marker)?.text;
  const parts = keyFunction === undefined ? key.parts : [];
  return {
    name: plan.marker.target.qualifiedName ?? plan.name,
    id: plan.id,
    profile,
    ttl: settings.ttlMs === undefined ? 'default' : formatDuration(settings.ttlMs),
    namespace: settings.namespace ?? 'default',
    backend: settings.backend ?? 'default',
    settings: saidSettings(plan),
    key: {
      parts: keyFunction === undefined ? parts.map((part) => part.label) : [keyFunction],
      types: parts.map((part) => printShape(part.shape, signature.refs)),
      reason: key.reason,
    },
    index: `${key.index}${key.bucket === undefined ? '' : ` by ${key.bucket}`}`,
    serializer,
    version: versionOf(plan, isProduction),
    shape: plan.shapeHash,
    code: plan.codeHash,
    sync: plan.sync,
    why: whyOf(plan),
  };
}

function versionOf({ settings, shapeHash, codeHash }: CachePlan, isProduction: boolean): string {
  const version = settings.version ?? (isProduction ? 'shape' : 'code');
  if (version === 'shape') return `shape ${shapeHash.slice(0, 8)}`;
  return version === 'code' ? `code ${codeHash.slice(0, 8)}` : version;
}

/** The reason for the profile, and that for the serializer if it is not the usual one. */
function whyOf({ profile, serializer }: CachePlan): string {
  const isUsual = serializer.value === 'std' && serializer.reason !== 'marker';
  const why = `${profile.value}: ${profile.reason}`;
  return isUsual ? why : `${why}; ${serializer.value}: ${serializer.reason}`;
}
