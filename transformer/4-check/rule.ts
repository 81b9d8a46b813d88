// What a rule is: a pure function from a plan to findings. Rules do not know each other.
import type { Range } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { Finding } from '../diagnostics/finding.ts';

/** The ttl of a function that has none of its own, in milliseconds: the default of the runtime, one hour. */
export const DEFAULT_TTL_MS = 3_600_000;

/** What a rule may know besides the plan. */
export interface CheckContext {
  readonly strictNullChecks: boolean;
  /** Words in a function's name that suggest personal data. Default: none. */
  readonly sensitiveNames?: readonly string[];
  /** Plans made before this one: of the same file, and of the whole project if the host has them. */
  readonly earlier: readonly CachePlan[];
}

/** One aspect of a cached function → everything wrong or worth saying about it. */
export type Rule = (plan: CachePlan, context: CheckContext) => readonly Finding[];

/** Where findings about the result point: the return type annotation, else the name of the function. */
export function resultRange(plan: CachePlan): Range {
  const { target } = plan.marker;
  return target.returnTypeRange ?? target.nameRange;
}
