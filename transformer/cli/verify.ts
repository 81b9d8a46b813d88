// `cachekit verify`: checks that the cached functions of the project are cached in the output of the build.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPretty, toJson } from '../diagnostics/format.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { compileAll, formatOptions, showPath } from './compile-all.ts';
import { countWords } from './count-words.ts';
import { findSite, readOutput, type Found } from './find-site.ts';

export interface VerifyOptions {
  readonly tsconfig: string | undefined;
  /** Folder or file of the build's output. */
  readonly dist: string;
  readonly json: boolean;
}

/** The message for each state of a function at `place`. */
const MEANING: Readonly<Record<Exclude<Found, 'found'>, (place: string) => string>> = {
  stale: (place) => `stale ${place} (made from other code than the sources have now: build again)`,
  lost: (place) => `missing ${place} (its code is there, uncached: it was never transformed)`,
  gone: (place) => `missing ${place} (tree-shaken)`,
  unknown: (place) => `missing ${place} (tree-shaken or never transformed)`,
};

function untransformed({ file, name, marker }: CachePlan): Diagnostic {
  return createDiagnostic({ code: 'CK1406', range: marker.range, args: { name } }, file);
}

/** @returns 1 when a function is in the output uncached or stale, or when none is cached. */
export function verify(options: VerifyOptions, context: CliContext): number {
  const output = readOutput(options.dist, context.cwd);
  if (output.files.length === 0)
    throw new UsageError(`There is no JavaScript in ${options.dist}. Build first.`);
  const { plans, diagnostics } = compileAll(options.tsconfig, context);
  const sites = plans.map((plan) => ({
    id: plan.id,
    place: `${showPath(plan.file, context)}#${plan.marker.target.qualifiedName ?? plan.name}`,
    state: findSite(plan, output),
    plan,
  }));
  const found = sites.filter(({ state }) => state === 'found' || state === 'stale');
  const hasNone = sites.length > 0 && found.length === 0;
  const isWrong = hasNone || sites.some(({ state }) => state === 'lost' || state === 'stale');
  const lost = sites.filter((site) => site.state === 'lost').map(({ plan }) => untransformed(plan));
  if (options.json) {
    const format = formatOptions(context);
    context.print(
      JSON.stringify({
        version: 1,
        found: found.length,
        sites: sites.map(({ id, place, state }) => ({ id, place, state })),
        diagnostics: lost.map((one) => toJson(one, format)),
      }),
    );
  } else {
    for (const one of lost) context.print(`${formatPretty(one, formatOptions(context))}\n`);
    const count = `${found.length} of ${countWords(sites.length, 'site')} found`;
    const list = sites.flatMap(({ place, state }) => (state === 'found' ? [] : MEANING[state](place)));
    context.print([count, ...list].join('; '));
    if (hasNone) context.print('Nothing in this output is cached: was it built without cachekit?');
  }
  const errors = diagnostics.filter((one) => one.severity === 'error').length;
  if (errors > 0 && !options.json)
    context.print(`${countWords(errors, 'error')} in the sources: run cachekit check.`);
  return isWrong ? EXIT.found : EXIT.fine;
}
