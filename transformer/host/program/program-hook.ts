// Adds caching to a TypeScript program: our diagnostics, our emit, and versions of source files that make builders
// notice when output is out of date.
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
import { failWith, isJest } from './fail-under-jest.ts';

/** Compiles one file of the program; undefined when it has no markers. */
export type CompileSource = (
  program: TS.Program,
  file: TS.SourceFile,
  earlier: readonly CachePlan[],
) => Emission | undefined;

/** What the hook needs besides the program. */
export interface HookOptions {
  /** Hash of what decides the output besides the sources: the compiler's version and the options. */
  readonly salt: string;
  /** Gets warnings as printable text. They are not given to TypeScript, which would count them as failures. */
  readonly warn: (text: string) => void;
  /** Problems of our options in the tsconfig. */
  readonly configDiagnostics: readonly Diagnostic[];
  /** Called once, when all files are compiled. Default: there are no checks of the whole program, and no manifest. */
  readonly wholeProgram?: (compiled: ReadonlyMap<string, Emission>) => WholeProgram;
  /**
   * Text of a source file of a referenced project; undefined for files of the program itself. Default: no references.
   */
  readonly referenced?: (file: string) => string | undefined;
  /** Whether `-b` of this host compares the recorded code of referenced projects (build-record.ts). Default: false. */
  readonly comparesCode?: boolean;
  /** Called when the output depends on a source file of a referenced project. */
  readonly onReferenced?: () => void;
}

/** What is known once all files are compiled. */
export interface WholeProgram {
  readonly diagnostics: readonly Diagnostic[];
  /** Called at the first emit; returns messages, each with its line break. Undefined: no manifest is wanted. */
  readonly writeManifest: (() => string) | undefined;
}

interface Planned {
  readonly emission: Emission;
  readonly errors: readonly TS.Diagnostic[];
  readonly warnings: readonly TS.Diagnostic[];
}

/** Source file → its version without our salt. Watch modes reuse source files, and must not salt a version twice. */
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
      // Builders ask for diagnostics file by file, so problems of the tsconfig are reported with the first marked file.
      const config = planned.size === 0 ? options.configDiagnostics : [];
      planned.set(file.fileName, toPlanned(ts, file, emission, config));
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
 * Marks the imports that the generated text reads as used, so that TypeScript neither removes nor reports them. That is
 * done by asking this program's checker about each name: the plan may come from another program, or from disk.
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

/**
 * The salt, with a hash of the problems of the tsconfig: a wrong option leaves the resolved options as they were, and
 * builders ask for diagnostics only of files whose version changed.
 */
function saltWith({ salt, configDiagnostics }: HookOptions): string {
  if (configDiagnostics.length === 0) return salt;
  const text = JSON.stringify(configDiagnostics);
  return `${salt}${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** Adds the diagnostics of the whole program to their files, of which some may have no marker. */
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
    const found = toPlanned(ts, file, { ...emission, diagnostics: own }, []);
    planned.set(name, {
      emission,
      errors: [...(before?.errors ?? []), ...found.errors],
      warnings: [...(before?.warnings ?? []), ...found.warnings],
    });
    const both = { ...emission, diagnostics: [...emission.diagnostics, ...own] };
    saltVersion(file, () => saltFor(both));
  }
}

function toPlanned(
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

/** By emission: in watch modes most of them are the same objects as in the last program. */
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
 * Adds the source files of referenced projects that the emission depends on to `reached`, and returns their hash, or ''
 * if there are none. As part of the file's version the hash makes sure that the build info, which lists them, is
 * written again: builders write it only when the version of some file changed.
 */
function noteReached(
  { dependencies }: Emission,
  textOf: HookOptions['referenced'],
  reached: Map<string, string>,
): string {
  const found = dependencies.flatMap((file): readonly (readonly [string, string])[] => {
    const text = textOf?.(file);
    return text === undefined ? [] : [[file, text]];
  });
  if (found.length === 0) return '';
  const digest = createHash('sha256');
  for (const [file, text] of found) {
    reached.set(file, text);
    digest.update(`${file}\n${text}\n`);
  }
  return digest.digest('hex').slice(0, 16);
}

interface Versioned {
  version?: string;
}

/**
 * Adds a hash to the version of the file, by which incremental builds decide which files to check and emit again. As
 * the hash covers the plan, a type that changed in another file makes them emit this one again, also with
 * `isolatedModules`, where TypeScript itself looks at each file alone.
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
 * Adds our errors to those of TypeScript, and prints our warnings when it is first asked. Plain compilations call
 * `getSemanticDiagnostics`; incremental, watch and `-b` builders call the internal method; hosts that compile single
 * files without types ask for syntactic diagnostics only.
 */
function addDiagnostics(program: TS.Program, planned: ReadonlyMap<string, Planned>, warn: () => void): void {
  type Ask = (file?: TS.SourceFile, token?: unknown) => readonly TS.Diagnostic[];
  const open = program as unknown as Record<string, Ask | undefined>; // one of them is not in the public types
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

/**
 * Internal in TypeScript 6. Nothing else takes package.json types, file extensions and `module` into account together.
 */
interface ModuleFormats {
  getEmitModuleFormatOfFile(file: TS.SourceFile): TS.ModuleKind;
}

/** Adds our transformer as the last of `before`: others then see the user's code, and we use the original nodes. */
function addEmit(
  ts: typeof TS,
  program: TS.Program,
  planned: ReadonlyMap<string, Planned>,
  writeManifest: () => void,
): void {
  const formats = program as TS.Program & ModuleFormats;
  const isCommonJs = (file: TS.SourceFile): boolean =>
    formats.getEmitModuleFormatOfFile(file) === ts.ModuleKind.CommonJS;
  const before = emitAst(ts, (file) => planned.get(file.fileName)?.emission.texts, isCommonJs);
  const emit = program.emit.bind(program) as (...all: unknown[]) => TS.EmitResult; // builders pass more than the types say
  let isFirst = program.getCompilerOptions().noEmit !== true;
  program.emit = (target, write, token, declarationsOnly, custom, ...internal: unknown[]) => {
    if (isFirst) writeManifest();
    isFirst = false;
    const hasErrors = target !== undefined && (planned.get(target.fileName)?.errors.length ?? 0) > 0;
    if (hasErrors && isJest() && !isCommonJs(target)) failWith(ts, program, target);
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
