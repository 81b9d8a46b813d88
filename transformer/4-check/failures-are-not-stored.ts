// Rule: says so when results that mark themselves as failures are not stored.
import { isUnread } from '../3-plan/unread-options.ts';
import { resultRange, type Rule } from './rule.ts';

/** CK3010. */
export const failuresAreNotStored: Rule = (plan) =>
  plan.failsBy === undefined || isUnread(plan, 'unless')
    ? []
    : [{ code: 'CK3010', range: resultRange(plan), args: { property: plan.failsBy } }];
