// What `ls` and `explain` say about one cached function.
import { printShape } from '../2-shape/print-shape.ts';
import type { CachePlan, Choice } from '../3-plan/cache-plan.ts';

export interface SiteFacts {
  readonly name: string;
  readonly id: string;
  readonly profile: Choice<string>;
  /** As people write it; `default` when the call site says nothing. */
  readonly ttl: string;
  /** Parts with their types, and how memory finds an entry. */
  readonly key: {
    readonly parts: readonly string[];
    readonly types: readonly string[];
    readonly reason: string;
  };
  readonly serializer: Choice<string>;
  /** `version=` of the marker; else the default, which depends on NODE_ENV. */
  readonly version: string;
  readonly shape: string;
  readonly code: string;
  readonly sync: boolean;
}

export function siteFacts(plan: CachePlan): SiteFacts {
  const { key, settings, signature } = plan;
  return {
    name: plan.marker.target.qualifiedName ?? plan.name,
    id: plan.id,
    profile: plan.profile,
    ttl: settings.ttlMs === undefined ? 'default' : formatMs(settings.ttlMs),
    key: {
      parts: key.parts.map((part) => part.label),
      types: key.parts.map((part) => printShape(part.shape, signature.refs)),
      reason: key.reason,
    },
    serializer: plan.serializer,
    version: settings.version ?? 'code',
    shape: plan.shapeHash,
    code: plan.codeHash,
    sync: plan.sync,
  };
}

const UNITS = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** The largest unit that divides it: 300 000 is `5m`. */
function formatMs(durationMs: number): string {
  const [unit, size] = UNITS.find(([, each]) => durationMs % each === 0) ?? ['ms', 1];
  return `${durationMs / size}${unit}`;
}
