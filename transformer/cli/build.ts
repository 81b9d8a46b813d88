// `cachekit build`: compiles like `tsc`, with caching, by our own TypeScript 6 and without ts-patch.
import { resolve } from 'node:path';
import type TS from 'typescript';
import { loadTypeScript } from '../host/load-typescript.ts';
import { createHookedProgram } from '../host/program/build-program.ts';
import { FIRST_CODE } from '../host/program/diagnostics-to-ts.ts';
import { requireNode } from '../host/supported-node.ts';
import { openBuildRecords, type BuildRecords } from './build-records.ts';
import { EXIT, type CliContext } from './cli-context.ts';

/**
 * Internal functions that TypeScript's own command line uses. They are not in its types; the version is pinned to 6.0.
 */
interface InternalTs {
  parseBuildCommand(args: readonly string[]): {
    readonly buildOptions: TS.BuildOptions & TS.CompilerOptions;
    readonly watchOptions: TS.WatchOptions | undefined;
    readonly projects: string[];
    readonly errors: readonly TS.Diagnostic[];
  };
  createDiagnosticReporter(system: TS.System, pretty?: boolean): TS.DiagnosticReporter;
  emitFilesAndReportErrors(
    program: TS.EmitAndSemanticDiagnosticsBuilderProgram,
    report: TS.DiagnosticReporter,
    write: (text: string) => void,
    summary: TS.ReportEmitErrorSummary | undefined,
  ): { readonly diagnostics: readonly TS.Diagnostic[] };
  getErrorSummaryText(
    count: number,
    files: Parameters<TS.ReportEmitErrorSummary>[1],
    newLine: string,
    host: TS.System,
  ): string;
}

/** @returns the exit code; undefined in a watch mode, which keeps running. */
export function build(args: readonly string[], context: CliContext): number | undefined {
  requireNode();
  const ts = loadTypeScript();
  const session = { ts, context, system: { ...ts.sys, write: context.write } };
  const first = args[0]?.toLowerCase();
  const isBuildMode = first !== undefined && ['-b', '--b', '-build', '--build'].includes(first);
  return isBuildMode ? buildSolution(session, args.slice(1)) : buildProject(session, args);
}

interface Session {
  readonly ts: typeof TS;
  readonly context: CliContext;
  /** TypeScript's system, with the output of this command line. */
  readonly system: TS.System;
}

function internals(ts: typeof TS): InternalTs {
  return ts as unknown as InternalTs; // see InternalTs
}

function buildSolution(session: Session, args: readonly string[]): number | undefined {
  const { ts, context, system } = session;
  const { buildOptions, watchOptions, projects, errors } = internals(ts).parseBuildCommand(args);
  const pretty = isPretty(ts, buildOptions, context);
  const report = internals(ts).createDiagnosticReporter(system, pretty);
  if (errors.length > 0) return wrongUse(errors, report);
  const create = createHookedProgram(ts, { warn: context.write, comparesCode: true, followsCode: true });
  const records = openBuildRecords(system);
  if (buildOptions['watch'] === true) {
    const followed = followCode(create, records);
    const host = ts.createSolutionBuilderWithWatchHost(records.system, followed, report);
    ts.createSolutionBuilderWithWatch(host, projects, buildOptions, watchOptions).build();
    return undefined;
  }
  const bugs = countBugs(report);
  const host = ts.createSolutionBuilderHost(
    records.system,
    create,
    bugs,
    undefined,
    summary(ts, system, pretty),
  );
  const builder = ts.createSolutionBuilder(host, projects, buildOptions);
  const isClean = buildOptions['clean'] === true;
  const status = isClean ? builder.clean() : builder.build();
  if (bugs.count > 0) return EXIT.ourBug;
  return status === ts.ExitStatus.Success ? EXIT.fine : EXIT.found;
}

/** An internal method: watch modes ask it whether projects that refer to this one must be rebuilt as well. */
interface EmitSignature {
  hasChangedEmitSignature?(): boolean;
}

/** Claims that declarations changed also when code changed that cached functions of another project reach. */
function followCode<Builder extends TS.BuilderProgram>(
  create: TS.CreateProgram<Builder>,
  { isAnyBehind }: BuildRecords,
): TS.CreateProgram<Builder> {
  return (...all) => {
    const builder: Builder & EmitSignature = create(...all);
    const hasChanged = builder.hasChangedEmitSignature?.bind(builder);
    builder.hasChangedEmitSignature = () => hasChanged?.() === true || isAnyBehind();
    return builder;
  };
}

/** CK1407 as the number of a TypeScript diagnostic. */
const OUR_BUG = FIRST_CODE + 1407;

function countBugs(report: TS.DiagnosticReporter): TS.DiagnosticReporter & { count: number } {
  const counted = (one: TS.Diagnostic): void => {
    if (one.code === OUR_BUG && one.category === 1) bugs.count += 1; // an error: not lowered by `severities`
    report(one);
  };
  const bugs = Object.assign(counted, { count: 0 });
  return bugs;
}

function buildProject(session: Session, args: readonly string[]): number | undefined {
  const { ts, context, system } = session;
  const line = ts.parseCommandLine([...args], (file) => system.readFile(file));
  const report = internals(ts).createDiagnosticReporter(system, isPretty(ts, line.options, context));
  if (line.errors.length > 0) return wrongUse(line.errors, report);
  const config = configOf(ts, line, context);
  if (config === undefined) return EXIT.wrongUse;
  if (line.options.watch === true) {
    const create = createHookedProgram(ts, { warn: context.write, comparesCode: true });
    const host = ts.createWatchCompilerHost(config, line.options, system, create, report);
    ts.createWatchProgram(host);
    return undefined;
  }
  return compileProject(session, config, line.options);
}

function compileProject(
  { ts, context, system }: Session,
  config: string,
  options: TS.CompilerOptions,
): number {
  const parsed = ts.getParsedCommandLineOfConfigFile(config, options, {
    ...system,
    onUnRecoverableConfigFileDiagnostic: internals(ts).createDiagnosticReporter(
      system,
      isPretty(ts, options, context),
    ),
  });
  if (parsed === undefined) return EXIT.wrongUse;
  const pretty = isPretty(ts, parsed.options, context);
  const program = ts.createIncrementalProgram({
    rootNames: parsed.fileNames,
    options: parsed.options,
    configFileParsingDiagnostics: ts.getConfigFileParsingDiagnostics(parsed),
    ...(parsed.projectReferences === undefined ? {} : { projectReferences: parsed.projectReferences }),
    createProgram: createHookedProgram(ts, { warn: context.write, comparesCode: true }),
  });
  const { diagnostics } = internals(ts).emitFilesAndReportErrors(
    program,
    internals(ts).createDiagnosticReporter(system, pretty),
    (text) => context.write(text + system.newLine),
    summary(ts, system, pretty),
  );
  const errors = diagnostics.filter((one) => one.category === ts.DiagnosticCategory.Error);
  if (errors.some((one) => one.code === OUR_BUG)) return EXIT.ourBug;
  return errors.length > 0 ? EXIT.found : EXIT.fine;
}

function configOf(ts: typeof TS, line: TS.ParsedCommandLine, context: CliContext): string | undefined {
  // A relative path is relative to the working directory.
  const project = line.options.project === undefined ? undefined : resolve(context.cwd, line.options.project);
  if (line.fileNames.length > 0) {
    context.error('cachekit build compiles projects, not single files. Give a tsconfig with -p, or none.');
    return undefined;
  }
  const start = project ?? context.cwd;
  const found =
    project === undefined
      ? ts.findConfigFile(start, (file) => ts.sys.fileExists(file))
      : ts.sys.directoryExists(project)
        ? `${project}/tsconfig.json`
        : project;
  if (found !== undefined && ts.sys.fileExists(found)) return ts.sys.resolvePath(found);
  context.error(`There is no tsconfig at ${found ?? start}. Give one with -p.`);
  return undefined;
}

function wrongUse(errors: readonly TS.Diagnostic[], report: TS.DiagnosticReporter): number {
  errors.forEach(report);
  return EXIT.wrongUse;
}

function isPretty(ts: typeof TS, options: TS.CompilerOptions, context: CliContext): boolean {
  const { pretty } = options;
  return typeof pretty === 'boolean' ? pretty : context.colour && ts.sys.writeOutputIsTTY?.() === true;
}

/** tsc's "Found 2 errors in 1 file", printed on a terminal only. */
function summary(ts: typeof TS, system: TS.System, pretty: boolean): TS.ReportEmitErrorSummary | undefined {
  if (!pretty) return undefined;
  return (count, files) => {
    system.write(internals(ts).getErrorSummaryText(count, files, system.newLine, system));
  };
}
