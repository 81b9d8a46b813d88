// Creates TypeScript programs that cache, for `cachekit build`, which works without ts-patch.
import type TS from 'typescript';
import { ownEntryOf } from '../project/own-entry.ts';
import { hookWithEntry, type HookHost } from './hook-with-entry.ts';

type Builder = TS.EmitAndSemanticDiagnosticsBuilderProgram;

/** The `createProgram` callback for TypeScript's incremental builds, watch hosts and solution builder. */
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

/**
 * The program of an old builder. One restored from disk has none, which only an internal method tells without throwing.
 */
function programOf(builder: Builder | undefined): TS.Program | undefined {
  if (builder === undefined) return undefined;
  const restored = builder as Builder & { getProgramOrUndefined?(): TS.Program | undefined };
  return restored.getProgramOrUndefined?.();
}
