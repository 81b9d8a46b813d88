// Two functions with one id would answer for each other.
import type { Rule } from './rule.ts';

/** CK1017 at the later of the two. */
export const idIsUnique: Rule = (plan, { earlier }) => {
  const same = earlier.find((other) => other.id === plan.id);
  if (same === undefined) return [];
  const where = same.file === plan.file ? 'in this file' : `in ${same.file.split('/').at(-1) ?? same.file}`;
  const args = { id: plan.id, other: `'${same.name}' ${where}` };
  return [{ code: 'CK1017', range: plan.marker.range, args }];
};
