// Stage 4 for one function: runs all rules on its plan.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CheckContext } from './rule.ts';
import { rules } from './rules.ts';

/** All findings, in the order of the rules. Nothing must be generated for a site with a blocking one (`isBlocking`). */
export function checkSite(plan: CachePlan, context: CheckContext): readonly Diagnostic[] {
  return rules.flatMap((rule) => rule(plan, context)).map((finding) => createDiagnostic(finding, plan.file));
}
