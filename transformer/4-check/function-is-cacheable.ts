// Rule: the marked function must deliver everything through its result.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { withOption, withProfile } from '../3-plan/marker-fixes.ts';
import { needsTier } from '../3-plan/option-conflicts.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';

/**
 * CK1102: generators. CK1115: setters, constructors and shared getters. CK1116: type predicates. CK1207: `arguments`.
 * CK3011: synchronous functions.
 */
export const functionIsCacheable: Rule = (plan) => {
  const { target } = plan.marker;
  const range = target.nameRange;
  const findings: Finding[] = [];
  if (target.generator) findings.push({ code: 'CK1102', range, args: {} });
  const isRefused = isRefusedMember(plan);
  if (isRefused && !isUnread(plan, 'profile', 'self'))
    findings.push({ code: 'CK1115', range, args: { what: target.form }, fixes: keptPerObject(plan) });
  if (plan.signature.predicate) {
    findings.push({ code: 'CK1116', range: target.returnTypeRange ?? range, args: {} });
  }
  if (target.usesArguments) {
    const args = { what: target.bypass?.text ?? 'arguments' };
    findings.push({ code: 'CK1207', range: target.bypass?.range ?? range, args });
  }
  if (plan.sync && !isRefused) findings.push({ code: 'CK3011', range, args: { name: plan.name } });
  return findings;
};

/**
 * Setters, constructors and getters take no arguments that could be a key. A getter can still be cached per object, in
 * the memory of this process.
 */
function isRefusedMember({ marker, profile, settings }: CachePlan): boolean {
  const { form } = marker.target;
  if (form === 'getter') return profile.value !== 'local' || settings.self !== 'instance';
  return form === 'setter' || form === 'constructor';
}

/** The fix for a getter: `@cache.production ttl=5m` → `@cache.local ttl=5m self=instance`. */
function keptPerObject({ marker }: CachePlan): readonly Fix[] {
  const { options } = marker.directive;
  if (marker.target.form !== 'getter' || options.some(({ name }) => name === 'self' || needsTier(name)))
    return [];
  const title = 'Keep its value with the object';
  const fixes = [...withProfile(marker, 'local', title), ...withOption(marker, 'self=instance', title)];
  return fixes.length === 0 ? [] : [{ title, edits: fixes.flatMap(({ edits }) => edits) }];
}
