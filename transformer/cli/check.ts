// `cachekit check`: all diagnostics of a project, for people and for CI.
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatGithub, formatPretty, toJson } from '../diagnostics/format.ts';
import type { Project } from '../host/project/project.ts';
import { EXIT, UsageError, type CliContext } from './cli-context.ts';
import { compileAll, formatOptions, openFor } from './compile-all.ts';
import { countWords } from './count-words.ts';

export interface CheckOptions {
  readonly tsconfig: string | undefined;
  /** pretty, json or github. */
  readonly format: string;
  /** Warnings are errors. */
  readonly strict: boolean;
}

/**
 * @param project a project that is open already. Default: opens one.
 * @returns 1 when there is an error.
 */
export function check(
  options: CheckOptions,
  context: CliContext,
  project: Project = openFor(options.tsconfig, context),
): number {
  if (!['pretty', 'json', 'github'].includes(options.format))
    throw new UsageError(`--format is pretty, json or github, not '${options.format}'.`);
  const { plans, diagnostics, compiled } = compileAll(options.tsconfig, context, project);
  const shown = [...diagnostics, ...project.programDiagnostics(compiled)]
    .filter((one) => one.severity !== 'info')
    .map((one): Diagnostic => (options.strict ? { ...one, severity: 'error' } : one));
  const errors = shown.filter((one) => one.severity === 'error').length;
  const format = formatOptions(context);
  const manifests = project.writeManifests(compiled);
  for (const problem of manifests.problems) context.error(`cachekit: ${problem}`);
  if (options.format === 'json') {
    const list = shown.map((one) => toJson(one, format));
    const changes = manifests.diagnostics.map((one) => toJson(one, format));
    context.print(
      JSON.stringify({
        version: 1,
        cached: plans.length,
        diagnostics: list,
        ...(changes.length > 0 && { changes }),
      }),
    );
  } else {
    const write = options.format === 'github' ? formatGithub : formatPretty;
    for (const one of shown) context.print(write(one, format));
    for (const { code, message } of manifests.diagnostics) context.print(`${code}: ${message}`);
    const warnings = shown.length - errors;
    context.print(
      `${countWords(errors, 'error')}, ${countWords(warnings, 'warning')}; ${countWords(plans.length, 'function')} cached`,
    );
    const [first] = shown;
    if (first !== undefined && options.format === 'pretty')
      context.print(`More about a code: cachekit explain ${first.code}`);
  }
  if (shown.some((one) => one.code === 'CK1407')) return EXIT.ourBug;
  return errors > 0 ? EXIT.found : EXIT.fine;
}
