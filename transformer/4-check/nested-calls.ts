// Program rule for cached functions that call cached functions: the outer entry must neither outlive nor expose the
// inner one, of which it is made.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import { formatDuration } from './format-duration.ts';
import type { CallFact } from './program-facts.ts';
import { placeKey } from './program-facts.ts';
import { nameOfPlan, plansByPlace, type ProgramFinding, type ProgramRule } from './program-rule.ts';
import { DEFAULT_TTL_MS } from './rule.ts';

/** CK1307: the result of a secure function inside an unencrypted entry. CK2018: an entry that outlives its parts. */
export const nestedCalls: ProgramRule = ({ plans, facts }) => {
  const byPlace = plansByPlace(plans);
  const seen = new Set<string>();
  return facts.calls.flatMap((call): readonly ProgramFinding[] => {
    const callee = byPlace.get(placeKey(call.callee));
    const caller = innermost(plans, call);
    if (callee === undefined || caller === undefined || caller === callee || !call.isUsed) return [];
    const pair = `${caller.id}\n${callee.id}`;
    if (seen.has(pair)) return [];
    seen.add(pair);
    return [...checkSecrets(caller, callee, call), ...checkLifetime(caller, callee, call)];
  });
};

/** The cached function whose body contains the call. */
function innermost(plans: readonly CachePlan[], { file, range }: CallFact): CachePlan | undefined {
  const around = plans.filter(
    ({ file: own, marker }) =>
      own === file && marker.target.node.start <= range.start && range.end <= marker.target.node.end,
  );
  return around.toSorted((a, b) => b.marker.target.node.start - a.marker.target.node.start)[0];
}

function checkSecrets(caller: CachePlan, callee: CachePlan, call: CallFact): readonly ProgramFinding[] {
  if (isUnread(caller, 'profile') || isUnread(callee, 'profile')) return [];
  if (callee.profile.value !== 'secure' || caller.profile.value === 'secure') return [];
  const args = { name: nameOfPlan(caller), profile: caller.profile.value, callee: nameOfPlan(callee) };
  return [{ file: call.file, finding: { code: 'CK1307', range: call.range, args } }];
}

function checkLifetime(caller: CachePlan, callee: CachePlan, call: CallFact): readonly ProgramFinding[] {
  if (isUnread(caller, 'ttl', 'profile') || isUnread(callee, 'ttl', 'profile')) return [];
  const { ttlMs: outerMs } = caller.settings;
  const { ttlMs: innerMs } = callee.settings;
  if ((outerMs ?? DEFAULT_TTL_MS) <= (innerMs ?? DEFAULT_TTL_MS)) return [];
  const args = {
    name: nameOfPlan(caller),
    ttl: formatTtl(outerMs),
    callee: nameOfPlan(callee),
    calleeTtl: formatTtl(innerMs),
  };
  return [{ file: call.file, finding: { code: 'CK2018', range: call.range, args } }];
}

function formatTtl(ttlMs: number | undefined): string {
  return ttlMs === undefined ? `${formatDuration(DEFAULT_TTL_MS)} by default` : formatDuration(ttlMs);
}
