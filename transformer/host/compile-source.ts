// One source file of a TypeScript program → Emission. All hosts (ts-patch, the CLI, bundlers, the editor) use this.
import { createHash } from 'node:crypto';
import { dirname, relative } from 'node:path';
import type TS from 'typescript';
import type { ScanResult } from '../1-scan/marker.ts';
import type { CachePlan } from '../3-plan/cache-plan.ts';
import { compileFile, type Emission, type OnStage } from '../compile-file.ts';
import type { ResolvedOptions } from '../options.ts';
import { ourBugIn } from '../our-bug.ts';
import { withCodecModules } from './codec-modules.ts';
import { problemOfText } from './emit/problem-of-text.ts';
import { EMPTY_EMISSION } from './empty-emission.ts';
import { isPlain } from './is-plain.ts';
import { createPackageLookup } from './package-facts.ts';
import { rememberMarkers } from './ts6/program/sites.ts';
import { createWriterTypes } from './ts6/program/writer-types.ts';
import { quickTypeScript } from './ts6/quick-typescript.ts';
import { createForeignNames } from './ts6/syntax/foreign-names.ts';
import { createSyntaxReader } from './ts6/syntax/syntax-reader.ts';
import { contextOf } from './ts6/types/origin.ts';
import { createTypeReader } from './ts6/types/type-reader.ts';
import { uncheckedBy } from './ts6/types/unchecked.ts';
import { transformerVersion } from './version.ts';

/** Compiles one file. Undefined when the file cannot contain a marker, or its text is compiled already. */
export type SourceCompiler = (
  program: TS.Program,
  source: TS.SourceFile,
  /** Plans of the files compiled before this one, for what must be unique in a program. */
  earlier: readonly CachePlan[],
  onStage?: OnStage,
) => Emission | undefined;

/** A compiler for all files of one build. It never throws: a fault of ours becomes a diagnostic of the file. */
export function createSourceCompiler(typescript: typeof TS, options: ResolvedOptions): SourceCompiler {
  const packageOf = createPackageLookup();
  const compile = (
    program: TS.Program,
    source: TS.SourceFile,
    earlier: readonly CachePlan[],
    onStage?: OnStage,
  ): Emission => {
    const ts = quickTypeScript(typescript);
    const compilerOptions = program.getCompilerOptions();
    const checker = program.getTypeChecker();
    const file = source.fileName;
    const { root, name, version } = packageOf(dirname(file));
    const context = contextOf(ts, program, checker);
    const foreign = createForeignNames(context);
    const errors = program.getSyntacticDiagnostics(source).map(({ start }) => start);
    const emission = compileFile(
      {
        file,
        path: relative(root, file).replaceAll('\\', '/'),
        syntax: createSyntaxReader(ts, source, foreign),
        types: createTypeReader(ts, program, checker, source, options),
        writerTypes: createWriterTypes(ts, program, source),
        project: {
          packageName: name,
          packageVersion: version,
          options,
          // In TypeScript 6 `strict` is on unless it is switched off.
          strictNullChecks: compilerOptions.strictNullChecks ?? compilerOptions.strict ?? true,
        },
        earlier,
        unchecked: uncheckedBy(ts, source, compilerOptions),
        problemOf: (text) => problemOfText(ts, text),
        isBroken: ({ start, end }) => errors.some((error) => start <= error && error <= end),
      },
      (stage, value, marker) => {
        // The checks of the whole program start from the same markers, so the file is not scanned again for them.
        if (stage === 'scan') rememberMarkers(source, value as ScanResult); // what this stage returns
        onStage?.(stage, value, marker);
      },
    );
    const known = withFiles(emission, foreign.files(), file);
    return withCodecModules(known, { ...context, build: options }, file);
  };
  return (program, source, earlier, onStage) => {
    const { text, fileName } = source;
    if (isPlain(text)) return undefined;
    try {
      return compile(program, source, earlier, onStage);
    } catch (error) {
      // The stages catch their own faults; this is for what runs around them.
      return { ...EMPTY_EMISSION, diagnostics: [ourBugIn('file', error, fileName)] };
    }
  };
}

/** Adds `files` to the dependencies of the emission of `file`. */
export function withFiles(emission: Emission, files: readonly string[], file: string): Emission {
  if (files.length === 0) return emission;
  const all = new Set([...emission.dependencies, ...files]);
  all.delete(file);
  return { ...emission, dependencies: [...all].toSorted() };
}

/** Hash of what decides the output besides the sources: the compiler's version and the options. */
export function saltOf(options: ResolvedOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([transformerVersion(), options]))
    .digest('hex')
    .slice(0, 16);
}
