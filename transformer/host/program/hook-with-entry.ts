// A TypeScript program and our entry in its tsconfig → a program that caches.
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

export interface HookHost {
  /** Takes warnings as text that ends its own lines. */
  readonly warn: (text: string) => void;
  /** Its `-b` compares the code that a project reached in others with what it was. Default: it does not. */
  readonly comparesCode?: boolean;
  /** While it watches it builds a project again when code of projects that it refers to changes. Default: TypeScript, which decides by declarations. */
  readonly followsCode?: boolean;
}

/** tsconfigs that were warned about. */
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
  // Which module a codec is in is looked up on the disk, which no program tells about.
  const remembered = options.codecs.length > 0 ? '' : config;
  const compiler = createSourceCompiler(ts, options);
  const folder = remembered === '' || options.planCache === false ? undefined : planCacheFolder(config);
  const kept = { config: remembered, salt: `${salt} ${ownFingerprint()}`, folder };
  const planning = planningProgram(ts, program);
  const memory = openPlanMemory(ts, planning, kept, compiler);
  const compile: SourceCompiler = (_program, file, earlier) => {
    const source = planning.getSourceFile(file.fileName);
    // What only declarations of a reference lead to.
    return source === undefined
      ? compiler(program, file, earlier)
      : memory.compile(planning, source, earlier);
  };
  const collect = (names: ReadonlySet<string>) => (files: readonly TS.SourceFile[]) =>
    collectFacts(ts, planning, files, names);
  const hooked = hookProgram(ts, program, compile, {
    salt,
    warn,
    configDiagnostics: [...diagnostics, ...checkRuntimeVersion(config)],
    wholeProgram: (compiled) =>
      describeWhole(program, {
        config: config === '' ? undefined : config,
        options,
        compiled,
        facts: (names) => memory.facts(ownSources(program, planning), names, collect(names)),
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

/** As `planning` has them. */
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
