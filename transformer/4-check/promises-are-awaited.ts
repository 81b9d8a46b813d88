// Program rule: callers must await the result of a cached function that becomes a promise by being cached.
import { placeKey } from './program-facts.ts';
import { nameOfPlan, plansByPlace, type ProgramRule } from './program-rule.ts';

/** CK1101 for functions that return a value or a promise: once cached, they always return a promise (CK2022). */
export const promisesAreAwaited: ProgramRule = ({ plans, facts }) => {
  const byPlace = plansByPlace(plans);
  return facts.usesAtOnce.flatMap(({ file, range, callee, text }) => {
    const plan = byPlace.get(placeKey(callee));
    if (plan?.signature.mixed !== true) return [];
    const args = { name: nameOfPlan(plan), use: text };
    return [{ file, finding: { code: 'CK1101', range, args } }];
  });
};
