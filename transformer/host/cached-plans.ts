// Which functions of a compiled file are really cached: an error leaves its function as written.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import type { FileTexts } from '../5-generate/texts.ts';
import type { Emission } from '../compile-file.ts';

export function cachedPlans({ plans, texts }: Emission): readonly CachePlan[] {
  return plans.filter(({ marker }) =>
    marker.kind === 'comment'
      ? hasFunction(texts, marker.target.node.start)
      : texts?.calls.some((call) => call.callPos === marker.range.start) === true,
  );
}

/** The writers that will invalidate. */
export function workingWriters({ writers = [], texts }: Emission): readonly WriterPlan[] {
  return writers.filter(({ target }) => hasFunction(texts, target.node.start));
}

function hasFunction(texts: FileTexts | undefined, start: number): boolean {
  return texts?.fns.some((fn) => fn.fnPos === start) === true;
}
