// Rule: callers should get from the cache what they would get without it, and the result should be worth keeping.
import type { TypeShape } from '../2-shape/type-shape.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { withOption } from '../3-plan/marker-fixes.ts';
import type { OptionName } from '../3-plan/option-names.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Finding } from '../diagnostics/finding.ts';
import { DEFAULT_TTL_MS, resultRange, type Rule } from './rule.ts';

/**
 * CK2008: frozen results. CK2016: fallbacks. CK2017: null or undefined. CK2022: values that become promises. CK2023:
 * other thenables.
 */
export const resultIsWorthKeeping: Rule = (plan) => [
  ...checkEffects(plan),
  ...checkNothing(plan),
  ...checkPromise(plan),
];

function checkEffects(plan: CachePlan): readonly Finding[] {
  const { signature, settings } = plan;
  return (signature.effects ?? []).flatMap(({ kind, text, range }): readonly Finding[] => {
    const isShared = settings.share === true || isUnread(plan, 'share', 'profile');
    if (kind === 'freeze' && !isShared) return [{ code: 'CK2008', range, args: {} }];
    if (kind !== 'fallback' || says(plan, ['unless', 'when'])) return [];
    if (/^(?:null|undefined)$/.test(text) && says(plan, ['cache-null'])) return [];
    return [{ code: 'CK2016', range, args: { value: text } }];
  });
}

/** Up to this ttl, keeping null or undefined is no problem. */
const LONG_MS = 60_000;

function checkNothing(plan: CachePlan): readonly Finding[] {
  const { signature, settings } = plan;
  const names = nothingIn(signature.result);
  if (names.length === 0 || says(plan, ['cache-null', 'unless']) || isUnread(plan, 'ttl', 'profile'))
    return [];
  if (settings.cacheNull !== undefined || (settings.ttlMs ?? DEFAULT_TTL_MS) <= LONG_MS) return [];
  const fixes = withOption(plan.marker, 'cache-null=30s', 'Look again soon: cache-null=30s');
  return [{ code: 'CK2017', range: resultRange(plan), args: { what: names.join(' or ') }, fixes }];
}

/** Which of null and undefined the result may be besides other values. */
function nothingIn(result: TypeShape): readonly string[] {
  const arms = result.kind === 'union' ? result.arms : [];
  return arms.flatMap((arm) =>
    arm.kind === 'primitive' && (arm.name === 'null' || arm.name === 'undefined') ? [arm.name] : [],
  );
}

/** Also if it was not possible to read what it says. */
function says(plan: CachePlan, names: readonly OptionName[]): boolean {
  const { options } = plan.marker.directive;
  return options.some((option) => names.some((name) => name === option.name)) || isUnread(plan, ...names);
}

function checkPromise(plan: CachePlan): readonly Finding[] {
  const { mixed, thenable } = plan.signature;
  const range = resultRange(plan);
  if (mixed === true) return [{ code: 'CK2022', range, args: {} }];
  return thenable === undefined ? [] : [{ code: 'CK2023', range, args: { type: thenable } }];
}
