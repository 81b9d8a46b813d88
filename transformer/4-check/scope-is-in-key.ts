// Does the body read anything of its surroundings that differs between calls and is not in the key?
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';
import { findUnkeyable } from './unkeyable.ts';

/** CK1204 `this`, CK1205 and CK1206 captures, CK3002 captures that joined the key. */
export const scopeIsInKey: Rule = (plan) => [...checkThis(plan), ...checkCaptures(plan)];

// In a static method `this` is the class the call was made on: with subclasses, `User.find(1)` and `Post.find(1)`
// would be one call. So every form is treated alike.
function checkThis({ name, marker }: CachePlan): readonly Finding[] {
  const seen = new Set<string>();
  return marker.target.thisReads.flatMap(({ name: property, range }): readonly Finding[] => {
    const read = property === undefined ? '`this`' : property === 'super' ? '`super`' : `this.${property}`;
    if (seen.has(read)) return [];
    seen.add(read);
    return [{ code: 'CK1204', range, args: { name, read } }];
  });
}

function checkCaptures(plan: CachePlan): readonly Finding[] {
  const { target } = plan.marker;
  const findings: Finding[] = [];
  const joined: string[] = [];
  for (const part of plan.key.parts) {
    if (part.source !== 'capture') continue;
    const capture = target.captures.find((candidate) => candidate.name === part.label);
    const range = capture?.range ?? target.nameRange;
    const unkeyable = findUnkeyable(part.shape, plan.signature.refs);
    if (capture?.reassigned === true) findings.push({ code: 'CK1206', range, args: { name: part.label } });
    else if (unkeyable === undefined) joined.push(part.label);
    else
      findings.push({
        code: 'CK1205',
        range,
        args: { name: part.label + unkeyable.path, what: unkeyable.what, root: part.label },
      });
  }
  if (joined.length > 0) {
    findings.push({ code: 'CK3002', range: target.nameRange, args: { names: joined.join(', ') } });
  }
  return findings;
}
