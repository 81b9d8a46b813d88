// A TypeScript program and our entry in its tsconfig → a program that caches.
import type TS from 'typescript';
import { resolveOptions } from '../options.ts';
import { createSourceCompiler, saltOf } from './compile-source.ts';
import { ownFingerprint } from './own-fingerprint.ts';
import { planCacheFolder } from './plan-cache-folder.ts';
import { openPlanMemory } from './plan-memory.ts';
import { hookProgram, type WholeProgram } from './program-hook.ts';
import { checkRuntimeVersion } from './runtime-version.ts';
import { collectFacts } from './ts6-program-facts.ts';
import { checkWholeProgram, writeManifests, type ProgramMember } from './whole-program.ts';

/** Changes `program` in place and returns it. `warn` takes warnings as text that ends its own lines. */
export function hookWithEntry(
  ts: typeof TS,
  program: TS.Program,
  entry: object,
  warn: (text: string) => void,
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
  const memory = openPlanMemory(ts, program, kept, compiler);
  const collect = (names: ReadonlySet<string>) => (files: readonly TS.SourceFile[]) =>
    collectFacts(ts, program, files, names);
  const hooked = hookProgram(ts, program, memory.compile, {
    salt,
    warn,
    configDiagnostics: [...diagnostics, ...checkRuntimeVersion(config)],
    wholeProgram: (compiled) =>
      describeWhole(program, {
        config: config === '' ? undefined : config,
        options,
        compiled,
        facts: (names) => memory.facts(ownSources(program), names, collect(names)),
      }),
  });
  memory.save();
  return hooked;
}

function ownSources(program: TS.Program): readonly TS.SourceFile[] {
  return program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file));
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
