// Does the result depend on something that no caller passes, and does the body do something that a hit leaves out?
import type { Effect, EffectKind } from '../2-shape/effect.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { Rule } from './rule.ts';

/** CK1305 the current request, CK2001 time and chance, CK2002 environment and changing variables, CK2003 side effects. */
export const inputsAreInKey: Rule = (plan) => [
  ...(isShared(plan) ? said(plan, ['request'], 'CK1305', (effects) => effects.map(whereOf)) : []),
  ...said(plan, ['clock'], 'CK2001', (effects) => effects.map(whereOf)),
  ...said(plan, ['env', 'state'], 'CK2002', (effects) => effects.map(whereOf)),
  ...said(plan, ['write', 'output'], 'CK2003', (effects) =>
    effects.map((effect) => (effect.kind === 'write' ? `change of ${whereOf(effect)}` : whereOf(effect))),
  ),
];

/** `local` and entries of one object stay in this process, and somebody chose that. */
function isShared({ profile, settings }: CachePlan): boolean {
  return profile.value !== 'local' && settings.self !== 'instance';
}

/** One finding for all of a kind, where the first of them is. */
function said(
  plan: CachePlan,
  kinds: readonly EffectKind[],
  code: 'CK1305' | 'CK2001' | 'CK2002' | 'CK2003',
  wordsOf: (effects: readonly Effect[]) => readonly string[],
): readonly Finding[] {
  const effects = (plan.signature.effects ?? []).filter(({ kind }) => kinds.includes(kind));
  const [first] = effects;
  if (first === undefined) return [];
  return [{ code, range: first.range, args: { what: list(wordsOf(effects)) } }];
}

function whereOf({ text, via }: Effect): string {
  return via === undefined ? text : `${text} (in ${via.name}, ${via.place})`;
}

const SHOWN = 3;

function list(words: readonly string[]): string {
  const more = words.length - SHOWN;
  const shown = words.slice(0, SHOWN).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
