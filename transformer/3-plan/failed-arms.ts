// Recognises result types that say themselves whether they are failures: `{ ok: true, … } | { ok: false, … }`.
import type { TypeShape } from '../2-shape/type-shape.ts';
import type { Expression } from './expression.ts';
import { armsOf, readProperty } from './key-path.ts';
import type { RulePath } from './rule-path.ts';

/** Property names that libraries and hand-written types use for this. */
const DISCRIMINANTS = ['ok', 'success'] as const;
export type Discriminant = (typeof DISCRIMINANTS)[number];

/**
 * The property that is `true` in some arms of the result and `false` in the others; null and undefined may be further
 * arms. Failures are not stored, because serving one for the whole ttl would surprise everybody.
 */
export function discriminantOf(result: TypeShape, refs: readonly TypeShape[]): Discriminant | undefined {
  const arms = armsOf(result, refs).filter(({ kind }) => kind !== 'primitive');
  return DISCRIMINANTS.find((name) => {
    const values = arms.map((arm) => (arm.kind === 'object' ? literalOf(arm, name, refs) : undefined));
    return arms.length > 1 && values.includes(true) && values.includes(false) && !values.includes(undefined);
  });
}

function literalOf(arm: TypeShape, name: string, refs: readonly TypeShape[]): boolean | undefined {
  const shape = readProperty(arm, name, refs);
  return shape?.kind === 'literal' && typeof shape.value === 'boolean' ? shape.value : undefined;
}

/** `unless="result.ok == false"`. */
export function unlessFailed(discriminant: Discriminant): Expression<RulePath> {
  return {
    kind: 'binary',
    operator: '==',
    left: { kind: 'path', arg: 'result', steps: [discriminant] },
    right: { kind: 'literal', value: false },
  };
}
