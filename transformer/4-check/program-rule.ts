// Input and output of rules about a whole program.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { placeKey, type ProgramFacts } from './program-facts.ts';

export interface ProgramInput {
  readonly plans: readonly CachePlan[];
  readonly writers: readonly WriterPlan[];
  readonly facts: ProgramFacts;
  /** What was found in single files. */
  readonly ofFiles: readonly Diagnostic[];
}

export interface ProgramFinding {
  readonly file: string;
  readonly finding: Finding;
  /** True: report it as an info, whatever the severity of its code. Default: false. */
  readonly isInfo?: boolean;
}

/** One aspect of all cached functions → everything wrong or worth saying about it. */
export type ProgramRule = (input: ProgramInput) => readonly ProgramFinding[];

/** The place that identifies the plan's function, or its call of `cached` (`SitePlace`). */
export function placeOfPlan({ file, marker }: CachePlan): { readonly file: string; readonly end: number } {
  return { file, end: marker.call === undefined ? marker.target.node.end : marker.call.argsEnd + 1 };
}

/** Plans by `placeKey`. */
export function plansByPlace(plans: readonly CachePlan[]): ReadonlyMap<string, CachePlan> {
  return new Map(plans.map((plan) => [placeKey(placeOfPlan(plan)), plan]));
}

/** The name users know: `Svc.load`. */
export function nameOfPlan({ marker, name }: CachePlan): string {
  return marker.target.qualifiedName ?? name;
}
