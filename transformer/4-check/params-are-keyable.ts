// Rule: every value that enters the key must have a canonical text.
import type { Range } from '../1-scan/marker.ts';
import type { CachePlan, KeyPartPlan } from '../3-plan/cache-plan.ts';
import { leavingOut } from '../3-plan/marker-fixes.ts';
import { keyFunctionOf } from '../3-plan/parse-settings.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';
import { findUnkeyable } from './unkeyable.ts';

/** CK1201 and CK1208 for each parameter; CK1113 and CK1118 where the type itself is the problem. */
export const paramsAreKeyable: Rule = (plan) => {
  // The result of a key function replaces the arguments.
  if (keyFunctionOf(plan.marker) !== undefined) return [];
  return plan.key.parts
    .filter((part) => part.source === 'parameter' || part.source === 'path')
    .flatMap((part) => checkPart(part, plan));
};

function checkPart(part: KeyPartPlan, plan: CachePlan): readonly Finding[] {
  const found = findUnkeyable(part.shape, plan.signature.refs);
  if (found === undefined) return [];
  const root = part.label.split('.')[0] ?? part.label;
  const range = rangeOfParam(root, plan);
  const { path, what, typeText } = found;
  if (found.reason === 'unresolved') return [{ code: 'CK1113', range, args: { path: '', type: typeText } }];
  if (found.reason === 'too-deep') return [{ code: 'CK1118', range, args: { path: '', type: typeText } }];
  if (found.hidden === true)
    return [{ code: 'CK1208', range, args: { name: part.label + path, type: typeText, root } }];
  const fixes = isOnly(root, plan) ? [] : leavingOut(plan.marker, root);
  return [{ code: 'CK1201', range, args: { name: part.label + path, what, root }, fixes }];
}

/** True when nothing else is in the key: without this parameter all calls would share one entry. */
function isOnly(root: string, { key }: CachePlan): boolean {
  return key.parts.every(({ label }) => label === root);
}

function rangeOfParam(name: string, plan: CachePlan): Range {
  const { target } = plan.marker;
  return target.params.find((param) => param.names.includes(name))?.range ?? target.nameRange;
}
