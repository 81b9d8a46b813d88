// Program rule: callers should not modify the result of a cached function.
import { isUnread } from '../3-plan/unread-options.ts';
import { placeKey } from './program-facts.ts';
import { nameOfPlan, plansByPlace, type ProgramRule } from './program-rule.ts';

/** CK2009. Not for shared results, which are frozen, so that the write throws. */
export const lostWrites: ProgramRule = ({ plans, facts }) => {
  const byPlace = plansByPlace(plans);
  return facts.writes.flatMap(({ file, range, callee, text }) => {
    const plan = byPlace.get(placeKey(callee));
    if (plan === undefined || plan.settings.share === true || isUnread(plan, 'share', 'profile')) return [];
    const args = { name: nameOfPlan(plan), write: text };
    return [{ file, finding: { code: 'CK2009', range, args } }];
  });
};
