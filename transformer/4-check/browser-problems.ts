// Reports cached functions in a bundle for browsers, where nothing can be cached.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** CK1404 for each cached function. Only the host knows whether a bundle is for browsers. */
export function browserProblems(plans: readonly CachePlan[]): readonly Diagnostic[] {
  return plans.map(({ name, marker, file }) =>
    createDiagnostic({ code: 'CK1404', range: marker.target.nameRange, args: { name } }, file),
  );
}
