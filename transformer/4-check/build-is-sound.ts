// Rule: the types of the file must be reliable.
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';

/** CK1405 without strictNullChecks, CK2020 in JavaScript. */
export const buildIsSound: Rule = (plan, context) => {
  const { range } = plan.marker;
  const findings: Finding[] = [];
  if (!context.strictNullChecks) findings.push({ code: 'CK1405', range, args: {} });
  if (/\.[cm]?jsx?$/.test(plan.file)) findings.push({ code: 'CK2020', range, args: {} });
  return findings;
};
