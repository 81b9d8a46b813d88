// Programs of the TypeScript compiler with caching in them: for `cachekit build`, which needs no ts-patch.
import type TS from 'typescript';
import { ownEntryOf } from '../project/own-entry.ts';
import { hookWithEntry, type HookHost } from './hook-with-entry.ts';

type Builder = TS.EmitAndSemanticDiagnosticsBuilderProgram;

/** For `createIncrementalProgram`, the watch hosts and the solution builder. */
export function createHookedProgram(ts: typeof TS, hookHost: HookHost): TS.CreateProgram<Builder> {
  return (rootNames, options = {}, host, old, configDiagnostics, projectReferences) => {
    const compilerHost = host ?? ts.createIncrementalCompilerHost(options);
    const oldProgram = programOf(old);
    const program = ts.createProgram({
      rootNames: rootNames ?? [],
      options,
      host: compilerHost,
      ...(oldProgram === undefined ? {} : { oldProgram }),
      ...(configDiagnostics === undefined ? {} : { configFileParsingDiagnostics: configDiagnostics }),
      ...(projectReferences === undefined ? {} : { projectReferences }),
    });
    hookWithEntry(ts, program, ownEntryOf(options['plugins']), hookHost);
    return ts.createEmitAndSemanticDiagnosticsBuilderProgram(program, compilerHost, old, configDiagnostics);
  };
}

/** The old program; a builder restored from disk has none, and says so only through an internal method. */
function programOf(builder: Builder | undefined): TS.Program | undefined {
  if (builder === undefined) return undefined;
  const restored = builder as Builder & { getProgramOrUndefined?(): TS.Program | undefined };
  return restored.getProgramOrUndefined?.();
}
