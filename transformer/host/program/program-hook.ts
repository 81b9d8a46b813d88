// The one place where a TypeScript program learns about caching: diagnostics, emit, and when output is out of date.
import { createHash } from 'node:crypto';
import type TS from 'typescript';
import type { CachePlan } from '../../3-plan/cache-plan.ts';
import type { Emission } from '../../compile-file.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { emitAst } from '../emit/emit-ast.ts';
import { EMPTY_EMISSION } from '../empty-emission.ts';
import { isUntyped } from '../supported-typescript.ts';
import { nameAt } from '../ts6/program/name-at.ts';
import { findFunction } from '../ts6/types/find-function.ts';
import { recordInBuildInfo } from './build-record.ts';
import { toTsDiagnostic } from './diagnostics-to-ts.ts';

/** Undefined for files without markers. */
export type CompileSource = (
  program: TS.Program,
  file: TS.SourceFile,
  earlier: readonly CachePlan[],
) => Emission | undefined;

export interface HookOptions {
  /** What of cachekit itself decides the output: version and options. */
  readonly salt: string;
  /** Takes warnings as printable text; TypeScript would count them as failures. */
  readonly warn: (text: string) => void;
  /** What is wrong with our options in the tsconfig. */
  readonly configDiagnostics: readonly Diagnostic[];
  /** Asked once, with all files compiled. Default: nothing is said about them together. */
  readonly wholeProgram?: (compiled: ReadonlyMap<string, Emission>) => WholeProgram;
  /** Text of a source file of a referenced project, which the program itself does not read. Default: there is none. */
  readonly referenced?: (file: string) => string | undefined;
  /** `-b` of this host compares such files with those of its last run. Default: no. */
  readonly comparesCode?: boolean;
  /** Called when such a file decided about the output. */
  readonly onReferenced?: () => void;
}

export interface WholeProgram {
  readonly diagnostics: readonly Diagnostic[];
  /** At the first emit; undefined: no manifest is wanted. Gives what there is to tell, as text that ends its own lines. */
  readonly writeManifest: (() => string) | undefined;
}

interface Planned {
  readonly emission: Emission;
  readonly errors: readonly TS.Diagnostic[];
  readonly warnings: readonly TS.Diagnostic[];
}

/** Watch mode reuses source files: the version of TypeScript is kept, so that a salted one is never salted again. */
const baseVersions = new WeakMap<object, string>();

/** Changes `program` in place and returns it. */
export function hookProgram(
  ts: typeof TS,
  program: TS.Program,
  compile: CompileSource,
  options: HookOptions,
): TS.Program {
  const planned = new Map<string, Planned>();
  const plans: CachePlan[] = [];
  const salt = saltWith(options);
  const reached = new Map<string, string>();
  const saltFor = (emission: Emission): string =>
    `${salt}${hashEmission(emission)}${noteReached(emission, options.referenced, reached)}`;
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) continue;
    const emission = compile(program, file, plans);
    if (emission === undefined) restoreVersion(file);
    else {
      keepImports(ts, program, file, emission);
      // Builders only ask file by file, so what the tsconfig gets wrong is said with the first file it matters to.
      const config = planned.size === 0 ? options.configDiagnostics : [];
      planned.set(file.fileName, plan(ts, file, emission, config));
      plans.push(...emission.plans);
      saltVersion(file, () => saltFor(emission));
    }
  }
  const compiled = new Map([...planned].map(([file, one]) => [file, one.emission]));
  const whole = options.wholeProgram?.(compiled);
  if (planned.size === 0 && whole?.writeManifest === undefined) return program;
  addWhole(ts, program, planned, whole?.diagnostics ?? [], saltFor);
  if (planned.size > 0)
    recordInBuildInfo(program, { texts: reached, isCompared: options.comparesCode === true });
  if (reached.size > 0) options.onReferenced?.();
  addDiagnostics(program, planned, () => warnOnce(ts, program, planned, options.warn));
  addEmit(ts, program, planned, () => options.warn(whole?.writeManifest?.() ?? ''));
  return program;
}

/**
 * As if the functions read what the generated text reads: imports stay, and count as used, also those inside a namespace.
 * Asked of this program in any case, also where the plan was made from another one, or by another process.
 */
function keepImports(ts: typeof TS, program: TS.Program, file: TS.SourceFile, { texts }: Emission): void {
  const checker = program.getTypeChecker();
  for (const { fnPos, fnEnd, outer = [] } of texts?.fns ?? [])
    for (const name of outer) {
      const scope = findFunction(ts, file, { start: fnPos, end: fnEnd }).parent;
      const symbol = checker.resolveName(name, scope, ts.SymbolFlags.Value, false);
      if (((symbol?.flags ?? 0) & ts.SymbolFlags.Alias) !== 0)
        checker.getTypeAtLocation(nameAt(ts, name, scope));
    }
}

/** An option that is wrong leaves the others as they were; builders ask again only about files of another version. */
function saltWith({ salt, configDiagnostics }: HookOptions): string {
  if (configDiagnostics.length === 0) return salt;
  const text = JSON.stringify(configDiagnostics);
  return `${salt}${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** Also files without a marker can have a finding. */
function addWhole(
  ts: typeof TS,
  program: TS.Program,
  planned: Map<string, Planned>,
  diagnostics: readonly Diagnostic[],
  saltFor: (emission: Emission) => string,
): void {
  for (const [name, own] of Map.groupBy(diagnostics, (one) => one.file)) {
    const file = program.getSourceFile(name);
    if (file === undefined) continue;
    const before = planned.get(name);
    const emission = before?.emission ?? EMPTY_EMISSION;
    const found = plan(ts, file, { ...emission, diagnostics: own }, []);
    planned.set(name, {
      emission,
      errors: [...(before?.errors ?? []), ...found.errors],
      warnings: [...(before?.warnings ?? []), ...found.warnings],
    });
    const both = { ...emission, diagnostics: [...emission.diagnostics, ...own] };
    saltVersion(file, () => saltFor(both));
  }
}

function plan(
  ts: typeof TS,
  file: TS.SourceFile,
  emission: Emission,
  config: readonly Diagnostic[],
): Planned {
  const of = (severity: string) => [
    ...config.filter((one) => one.severity === severity).map((one) => toTsDiagnostic(ts, undefined, one)),
    ...emission.diagnostics
      .filter((one) => one.severity === severity)
      .map((one) => toTsDiagnostic(ts, file, one)),
  ];
  return { emission, errors: of('error'), warnings: of('warning') };
}

/** In watch modes most emissions are those of the last program. */
const hashes = new WeakMap<Emission, string>();

function hashEmission(emission: Emission): string {
  const known = hashes.get(emission);
  if (known !== undefined) return known;
  const { texts, diagnostics } = emission;
  const hash = createHash('sha256').update(JSON.stringify({ texts, diagnostics })).digest('hex').slice(0, 32);
  hashes.set(emission, hash);
  return hash;
}

/**
 * Adds the sources of referenced projects that decided about it. Gives their hash: the build info, which lists them, is
 * only written with a file whose version changed.
 */
function noteReached(
  { dependencies }: Emission,
  textOf: HookOptions['referenced'],
  reached: Map<string, string>,
): string {
  const digest = createHash('sha256');
  let isEmpty = true;
  for (const file of dependencies) {
    const text = textOf?.(file);
    if (text === undefined) continue;
    reached.set(file, text);
    digest.update(`${file}\n${text}\n`);
    isEmpty = false;
  }
  return isEmpty ? '' : digest.digest('hex').slice(0, 16);
}

interface Versioned {
  version?: string;
}

/**
 * Incremental builds decide by `version` which files to check and write again. With the plan in it, a type that changed in
 * another file re-emits this one, also where TypeScript itself looks at one file at a time (`isolatedModules`).
 */
function saltVersion(file: TS.SourceFile, saltOf: () => string): void {
  const versioned = file as Versioned; // internal field, set by builders only
  if (versioned.version === undefined) return;
  const base = baseVersions.get(file) ?? versioned.version;
  baseVersions.set(file, base);
  versioned.version = `${base}-ck${saltOf()}`;
}

function restoreVersion(file: TS.SourceFile): void {
  const base = baseVersions.get(file);
  if (base !== undefined) (file as Versioned).version = base; // internal field, as above
}

/**
 * Command line compilers ask `getSemanticDiagnostics`; incremental, watch and `-b` builders ask the internal one; what
 * compiles file by file, without types, asks for the syntax only.
 */
function addDiagnostics(program: TS.Program, planned: ReadonlyMap<string, Planned>, warn: () => void): void {
  type Ask = (file?: TS.SourceFile, token?: unknown) => readonly TS.Diagnostic[];
  const open = program as unknown as Record<string, Ask | undefined>; // one of the two is not in the public types
  const asked = ['getSemanticDiagnostics', 'getBindAndCheckDiagnostics'];
  if (isUntyped(program.getCompilerOptions())) asked.push('getSyntacticDiagnostics');
  for (const name of asked) {
    const ask = open[name];
    if (ask === undefined) continue;
    open[name] = (file, token) => {
      warn();
      const own =
        file === undefined
          ? [...planned.values()].flatMap((one) => one.errors)
          : (planned.get(file.fileName)?.errors ?? []);
      return [...ask.call(program, file, token), ...own];
    };
  }
}

function warnOnce(
  ts: typeof TS,
  program: TS.Program,
  planned: Map<string, Planned>,
  warn: (text: string) => void,
): void {
  const warnings = [...planned.values()].flatMap((one) => one.warnings);
  if (warnings.length === 0) return;
  for (const [file, one] of planned) planned.set(file, { ...one, warnings: [] });
  const host = {
    getCurrentDirectory: () => program.getCurrentDirectory(),
    getCanonicalFileName: (file: string) => file,
    getNewLine: () => '\n',
  };
  const isPretty = program.getCompilerOptions()['pretty'] ?? ts.sys.writeOutputIsTTY?.() === true;
  warn(
    isPretty === true
      ? ts.formatDiagnosticsWithColorAndContext(warnings, host)
      : ts.formatDiagnostics(warnings, host),
  );
}

/** Internal in TypeScript 6, and the only thing that knows package.json types, file extensions and `module` together. */
interface ModuleFormats {
  getEmitModuleFormatOfFile(file: TS.SourceFile): TS.ModuleKind;
}

/** Ours goes last in `before`: transformers of others see the user's code, we find functions by their original nodes. */
function addEmit(
  ts: typeof TS,
  program: TS.Program,
  planned: ReadonlyMap<string, Planned>,
  writeManifest: () => void,
): void {
  const formats = program as TS.Program & ModuleFormats;
  const before = emitAst(
    ts,
    (file) => planned.get(file.fileName)?.emission.texts,
    (file) => formats.getEmitModuleFormatOfFile(file) === ts.ModuleKind.CommonJS,
  );
  const emit = program.emit.bind(program) as (...all: unknown[]) => TS.EmitResult; // builders pass more than the types say
  let isFirst = program.getCompilerOptions().noEmit !== true;
  program.emit = (target, write, token, declarationsOnly, custom, ...internal: unknown[]) => {
    if (isFirst) writeManifest();
    isFirst = false;
    return emit(
      target,
      write,
      token,
      declarationsOnly,
      { ...custom, before: [...(custom?.before ?? []), before] },
      ...internal, // forceDtsEmit and others that the builders pass
    );
  };
}
