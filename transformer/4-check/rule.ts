// What a rule is: plan in, findings out. Rules are pure and do not know of each other.
import type { Range } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { Finding } from '../diagnostics/finding.ts';

/** What a rule may know besides the plan. */
export interface CheckContext {
  readonly strictNullChecks: boolean;
  /** Words in a function's name that suggest personal data. Default: none. */
  readonly sensitiveNames?: readonly string[];
  /** Plans made before this one: of the same file, of the whole project where the host has them. */
  readonly earlier: readonly CachePlan[];
}

/** Everything wrong or worth saying about one cached function, from one point of view. */
export type Rule = (plan: CachePlan, context: CheckContext) => readonly Finding[];

/** Where findings about the result point: the annotation, else the name of the function. */
export function resultRange(plan: CachePlan): Range {
  const { target } = plan.marker;
  return target.returnTypeRange ?? target.nameRange;
}
