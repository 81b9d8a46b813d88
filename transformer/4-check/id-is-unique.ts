// Rule: ids must be unique, as two functions with one id would share their entries.
import type { Rule } from './rule.ts';

/** CK1017, reported at the later of the two functions. */
export const idIsUnique: Rule = (plan, { earlier }) => {
  const same = earlier.find((other) => other.id === plan.id);
  if (same === undefined) return [];
  const where = same.file === plan.file ? 'in this file' : `in ${same.file.split('/').at(-1) ?? same.file}`;
  const args = { id: plan.id, other: `'${same.name}' ${where}` };
  return [{ code: 'CK1017', range: plan.marker.range, args }];
};
