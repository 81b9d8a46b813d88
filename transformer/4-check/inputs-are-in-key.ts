// Rule: the result must depend on nothing but the key, and the body should do nothing that a cache hit would skip.
import type { Effect, EffectKind } from '../2-shape/effect.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { isUnread } from '../3-plan/unread-options.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';

/**
 * CK1305: the current request. CK2001: time and randomness. CK2002: environment and changing variables. CK2003: side
 * effects.
 */
export const inputsAreInKey: Rule = (plan) => [
  ...(isShared(plan) ? findEffects(plan, ['request'], 'CK1305') : []),
  ...findEffects(plan, ['clock'], 'CK2001'),
  ...findEffects(plan, ['env', 'state'], 'CK2002'),
  ...findEffects(plan, ['write', 'output'], 'CK2003'),
];

/** With `local` or `self=instance`, which the user chose, entries stay in this process. */
function isShared(plan: CachePlan): boolean {
  if (isUnread(plan, 'profile', 'self')) return false;
  return plan.profile.value !== 'local' && plan.settings.self !== 'instance';
}

/** One finding for all effects of some kinds, at the first of them. */
function findEffects(
  { signature }: CachePlan,
  kinds: readonly EffectKind[],
  code: 'CK1305' | 'CK2001' | 'CK2002' | 'CK2003',
): readonly Finding[] {
  const effects = (signature.effects ?? []).filter(({ kind }) => kinds.includes(kind));
  const [first] = effects;
  if (first === undefined) return [];
  return [{ code, range: first.range, args: { what: list(effects.map(describe)) } }];
}

function describe({ kind, text, via }: Effect): string {
  const what = kind === 'write' ? `change of ${text}` : text;
  return via === undefined ? what : `${what} (in ${via.name}, ${via.place})`;
}

/** How many effects a message names. */
const SHOWN = 3;

function list(words: readonly string[]): string {
  const more = words.length - SHOWN;
  const shown = words.slice(0, SHOWN).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
