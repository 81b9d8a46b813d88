// Which writers invalidate entries of which cached functions, by name and by tag.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import type { PlannedInvalidation, WriterPlan } from '../3-plan/plan-invalidate.ts';
import { canBeSame, invalidatedTag, tagsOf } from './known-tags.ts';
import { placeKey } from './program-facts.ts';
import { plansByPlace } from './program-rule.ts';

/** One `@cacheInvalidate` and one function whose entries it invalidates. */
export interface InvalidationLink {
  readonly writer: WriterPlan;
  readonly invalidation: PlannedInvalidation;
  readonly site: CachePlan;
}

/** In the order of writers and their tags. Tags computed at run time are unknown and left out. */
export function invalidationLinks(
  plans: readonly CachePlan[],
  writers: readonly WriterPlan[],
): readonly InvalidationLink[] {
  const byPlace = plansByPlace(plans);
  const sitesOf = (writer: WriterPlan, invalidation: PlannedInvalidation): readonly CachePlan[] => {
    const tag = invalidatedTag(invalidation, writer.file);
    if (tag !== undefined) return plans.filter((plan) => tagsOf(plan).some((own) => canBeSame(own, tag)));
    const place = invalidation.kind === 'call' ? invalidation.place : undefined;
    const named = place === undefined ? undefined : byPlace.get(placeKey(place));
    return named === undefined ? [] : [named];
  };
  return writers.flatMap((writer) =>
    writer.invalidations.flatMap((invalidation) =>
      sitesOf(writer, invalidation).map((site) => ({ writer, invalidation, site })),
    ),
  );
}
