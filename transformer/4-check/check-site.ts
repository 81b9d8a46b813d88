// Stage 4: one plan through all rules.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CheckContext } from './rule.ts';
import { rules } from './rules.ts';

/** Everything the rules find, in their order. A site with a blocking one (`isBlocking`) must not be generated. */
export function checkSite(plan: CachePlan, context: CheckContext): readonly Diagnostic[] {
  return rules.flatMap((rule) => rule(plan, context)).map((finding) => createDiagnostic(finding, plan.file));
}
