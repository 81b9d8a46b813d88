// Callers that change what a cached function gave them.
import { placeKey } from './program-facts.ts';
import { nameOfPlan, plansByPlace, type ProgramRule } from './program-rule.ts';

/** CK2009. Not for results that are shared and frozen: those throw. */
export const lostWrites: ProgramRule = ({ plans, facts }) => {
  const byPlace = plansByPlace(plans);
  return facts.writes.flatMap(({ file, range, callee, text }) => {
    const plan = byPlace.get(placeKey(callee));
    if (plan === undefined || plan.settings.share === true) return [];
    const args = { name: nameOfPlan(plan), write: text };
    return [{ file, finding: { code: 'CK2009', range, args } }];
  });
};
