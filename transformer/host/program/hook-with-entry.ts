// Makes a TypeScript program cache, with the options of our entry in its tsconfig. ts-patch and `cachekit build` use
// this.
import { relative } from 'node:path';
import type TS from 'typescript';
import { resolveOptions } from '../../options.ts';
import { createSourceCompiler, saltOf, type SourceCompiler } from '../compile-source.ts';
import { ownFingerprint } from '../plans/own-fingerprint.ts';
import { planCacheFolder } from '../plans/plan-cache-folder.ts';
import { openPlanMemory } from '../plans/plan-memory.ts';
import { checkRuntimeVersion } from '../runtime-version.ts';
import { collectFacts } from '../ts6/program/collect-facts.ts';
import { checkWholeProgram, writeManifests, type ProgramMember } from '../whole-program.ts';
import { planningProgram } from './planning-program.ts';
import { hookProgram, type WholeProgram } from './program-hook.ts';

/** What the hook needs to know about its host (ts-patch, `cachekit build`). */
export interface HookHost {
  /** Gets warnings as text that ends with a line break. */
  readonly warn: (text: string) => void;
  /** Whether `-b` of this host compares the recorded code of referenced projects (build-record.ts). Default: false. */
  readonly comparesCode?: boolean;
  /**
   * Whether a watch mode of this host rebuilds a project when code of its references changes. Default: false, as
   * TypeScript rebuilds it only when their declarations change.
   */
  readonly followsCode?: boolean;
}

/** tsconfigs for which `NOT_FOLLOWED` was printed. */
const warned = new Set<string>();

/** Changes `program` in place and returns it. */
export function hookWithEntry(
  ts: typeof TS,
  program: TS.Program,
  entry: object,
  { warn, comparesCode = false, followsCode = false }: HookHost,
): TS.Program {
  const path = program.getCompilerOptions()['configFilePath'];
  const config = typeof path === 'string' ? path : '';
  const { options, diagnostics } = resolveOptions(entry, config);
  const salt = saltOf(options);
  const compiler = createSourceCompiler(ts, options);
  const planning = planningProgram(ts, program);
  // With codecs no plans are reused: their modules are looked up on disk, and the memory sees only changes in the
  // program.
  const isReusing = config !== '' && options.codecs.length === 0;
  const memoryOptions = {
    config: isReusing ? config : '',
    salt: `${salt} ${ownFingerprint()}`,
    folder: isReusing && options.planCache !== false ? planCacheFolder(config) : undefined,
  };
  const memory = openPlanMemory(ts, planning, memoryOptions, compiler);
  const compile: SourceCompiler = (_program, file, earlier) => {
    const source = planning.getSourceFile(file.fileName);
    // A file that is imported only by declarations of a reference is not in the planning program.
    return source === undefined
      ? compiler(program, file, earlier)
      : memory.compile(planning, source, earlier);
  };
  const hooked = hookProgram(ts, program, compile, {
    salt,
    warn,
    configDiagnostics: [...diagnostics, ...checkRuntimeVersion(config)],
    wholeProgram: (compiled) =>
      describeWhole(program, {
        config: config === '' ? undefined : config,
        options,
        compiled,
        facts: (names) =>
          memory.facts(ownSources(program, planning), names, (files) =>
            collectFacts(ts, planning, files, names),
          ),
      }),
    referenced: (file) => {
      const source = planning.getSourceFile(file);
      const isOwn = source === undefined || program.getSourceFile(file) === source;
      return isOwn || source.isDeclarationFile ? undefined : source.text;
    },
    comparesCode,
    onReferenced: () => {
      if (followsCode || program.getCompilerOptions()['watch'] !== true || warned.has(config)) return;
      warned.add(config);
      warn(`cachekit: ${relative(program.getCurrentDirectory(), config)} ${NOT_FOLLOWED}\n`);
    },
  });
  memory.save();
  return hooked;
}

const NOT_FOLLOWED =
  'has cached functions that reach code of referenced projects. This watch mode does not see when that code changes and its declarations stay the same; `cachekit build -b --watch` does.';

/** The user's own source files of `program`, as the objects that `planning` has for them. */
function ownSources(program: TS.Program, planning: TS.Program): readonly TS.SourceFile[] {
  return program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file))
    .flatMap((file) => planning.getSourceFile(file.fileName) ?? []);
}

function describeWhole(program: TS.Program, member: ProgramMember): WholeProgram {
  const isWanted = member.options.manifest !== false && member.config !== undefined;
  return {
    diagnostics: member.compiled.size === 0 ? [] : checkWholeProgram([member]),
    writeManifest: isWanted
      ? () => {
          const textOf = (file: string) => program.getSourceFile(file)?.text ?? '';
          const { diagnostics: changes, problems } = writeManifests([member], textOf);
          const lines = [...problems, ...changes.map(({ code, message }) => `${code}: ${message}`)];
          return lines.map((line) => `cachekit: ${line}\n`).join('');
        }
      : undefined,
  };
}
