// What rules about a whole program get, and what they give.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { placeKey, type ProgramFacts } from './program-facts.ts';

export interface ProgramInput {
  readonly plans: readonly CachePlan[];
  readonly writers: readonly WriterPlan[];
  readonly facts: ProgramFacts;
}

export interface ProgramFinding {
  readonly file: string;
  readonly finding: Finding;
  /** The finding is less than its code usually means. */
  readonly isInfo?: boolean;
}

/** Everything wrong or worth saying about all cached functions, from one point of view. */
export type ProgramRule = (input: ProgramInput) => readonly ProgramFinding[];

/** Where a plan's function, or its call of `cached`, ends. */
export function placeOfPlan({ file, marker }: CachePlan): { readonly file: string; readonly end: number } {
  return { file, end: marker.call === undefined ? marker.target.node.end : marker.call.argsEnd + 1 };
}

export function plansByPlace(plans: readonly CachePlan[]): ReadonlyMap<string, CachePlan> {
  return new Map(plans.map((plan) => [placeKey(placeOfPlan(plan)), plan]));
}

/** As users know it: `Svc.load`. */
export function nameOfPlan({ marker, name }: CachePlan): string {
  return marker.target.qualifiedName ?? name;
}
