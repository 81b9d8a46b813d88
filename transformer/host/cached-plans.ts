// Which marked functions of a file the emitted code really caches. A function with an error has a plan too, but its
// code stays as written.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { WriterPlan } from '../3-plan/plan-invalidate.ts';
import type { FileTexts } from '../5-generate/texts.ts';
import type { Emission } from '../compile-file.ts';

/** Plans of the functions that the emitted code caches. */
export function cachedPlans({ plans, texts }: Emission): readonly CachePlan[] {
  return plans.filter(({ marker }) =>
    marker.kind === 'comment'
      ? hasFunction(texts, marker.target.node.start)
      : texts?.calls.some((call) => call.callPos === marker.range.start) === true,
  );
}

/** The functions with `@cacheInvalidate` that the emitted code makes invalidate. */
export function workingWriters({ writers = [], texts }: Emission): readonly WriterPlan[] {
  return writers.filter(({ target }) => hasFunction(texts, target.node.start));
}

function hasFunction(texts: FileTexts | undefined, start: number): boolean {
  return texts?.fns.some((fn) => fn.fnPos === start) === true;
}
