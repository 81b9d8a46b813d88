// CK2025: generated code that is large enough to be noticed in a bundle or at start.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { resultRange } from '../4-check/rule.ts';
import type { Finding } from '../diagnostics/finding.ts';
import type { SiteFunctions } from './write-descriptor.ts';

/** Characters, which are bytes but for names that are not ASCII. Types that people write themselves need a tenth. */
const LARGE = 100_000;

/** Only what the result needs: keys of large parameters are much shorter. */
export function largeCode(plan: CachePlan, { value }: Pick<SiteFunctions, 'value'>): readonly Finding[] {
  const length = value?.length ?? 0;
  if (length <= LARGE) return [];
  return [{ code: 'CK2025', range: resultRange(plan), args: { kilobytes: Math.round(length / 1000) } }];
}
