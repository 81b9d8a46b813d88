// `cachekit ls`: prints a table of all cached functions.
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { EXIT, isProduction, type CliContext } from './cli-context.ts';
import { compileAll, placeOf } from './compile-all.ts';
import { siteFacts } from './site-facts.ts';
import { writerName, writerPlace } from './writer-facts.ts';

export interface LsOptions {
  readonly tsconfig: string | undefined;
  readonly json: boolean;
}

export function ls(options: LsOptions, context: CliContext): number {
  const { plans, writers, diagnostics } = compileAll(options.tsconfig, context);
  if (options.json) {
    const functions = plans.map((plan) => ({
      place: placeOf(plan, context),
      ...siteFacts(plan, isProduction(context)),
    }));
    const invalidating = writers.map((one) => ({
      place: writerPlace(one, context),
      name: writerName(one),
      invalidates: one.invalidations.map(({ text }) => text),
    }));
    context.print(
      JSON.stringify({ version: 1, functions, ...(writers.length > 0 && { writers: invalidating }) }),
    );
  } else {
    const rows = plans.map((plan) => row(plan, context));
    if (rows.length > 0) for (const line of table([HEADER, ...rows])) context.print(line);
    for (const one of writers) {
      const name = writerName(one);
      const targets = one.invalidations.map(({ text }) => text).join(', ');
      context.print(`${name}  ${writerPlace(one, context)}  invalidates ${targets}`);
    }
    context.print(total(plans));
  }
  if (diagnostics.some((one) => one.code === 'CK1407')) return EXIT.ourBug;
  return diagnostics.some((one) => one.severity === 'error') ? EXIT.found : EXIT.fine;
}

const HEADER = ['function', 'file', 'profile', 'ttl', 'key', 'serializer', 'version', 'why'];

function row(plan: CachePlan, context: CliContext): readonly string[] {
  const { name, profile, ttl, key, serializer, version, why } = siteFacts(plan, isProduction(context));
  return [
    name,
    placeOf(plan, context),
    profile.value,
    ttl,
    `[${key.parts.join(', ')}]`,
    serializer.value,
    version,
    why,
  ];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>(
    (all, cells) => cells.map((cell, column) => Math.max(all[column] ?? 0, cell.length)),
    [],
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `42 cached: 30 default, 6 production`, most used profile first. */
function total(plans: readonly CachePlan[]): string {
  const counts = new Map<string, number>();
  for (const { profile } of plans) counts.set(profile.value, (counts.get(profile.value) ?? 0) + 1);
  const parts = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name, count]) => `${count} ${name}`);
  return `${plans.length} cached${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}
