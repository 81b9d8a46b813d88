// Does the body read anything of its surroundings that differs between calls and is not in the key?
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';
import { findUnkeyable } from './unkeyable.ts';

/** CK1204 `this`, CK1205 and CK1206 captures, CK3002 captures that joined the key. */
export const scopeIsInKey: Rule = (plan) => [...checkThis(plan), ...checkCaptures(plan)];

// In a static method `this` is the class the call was made on: with subclasses, `User.find(1)` and `Post.find(1)`
// would be one call. So every form is treated alike.
function checkThis({ name, marker, signature }: CachePlan): readonly Finding[] {
  const { thisReads, thisCalls = [] } = marker.target;
  const seen = new Set<string>();
  const reads = thisReads.flatMap(({ name: property, range, call }): readonly Finding[] => {
    const read = call?.text ?? nameOf(property);
    if (seen.has(read)) return [];
    seen.add(read);
    const why = call === undefined ? undefined : whyOf(call.reads);
    return [{ code: 'CK1204', range, args: { name, read, why } }];
  });
  const replaced = thisCalls.flatMap(({ name: method, range }): readonly Finding[] => {
    const override = signature.overridden?.find((one) => one.name === method);
    if (override === undefined || seen.has(method)) return [];
    seen.add(method);
    const why = `which class ${override.by} replaces`;
    return [{ code: 'CK1204', range, args: { name, read: `this.${method}()`, why } }];
  });
  return [...reads, ...replaced];
}

function whyOf(reads: string | undefined): string {
  return reads === undefined ? 'whose code is not in this file' : `which reads ${reads}`;
}

function nameOf(property: string | undefined): string {
  if (property === undefined) return '`this`';
  return property === 'super' ? '`super`' : `this.${property}`;
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
