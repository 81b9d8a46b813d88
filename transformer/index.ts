// `@cachekit/transformer`: the entry for ts-patch, and the API for other hosts.
import type TS from 'typescript';
import { hookWithEntry } from './host/program/hook-with-entry.ts';
import { refuseProgram, refuseUntyped } from './host/program/refuse-program.ts';
import { requireNode } from './host/supported-node.ts';
import { isSupported, isUntyped } from './host/supported-typescript.ts';

export type { CompiledFile, Project, ProjectOptions } from './host/project/project.ts';
export { openProject } from './host/project/project.ts';
export type { Diagnostic } from './diagnostics/diagnostic.ts';
export type { TransformerOptions } from './options.ts';
export { mayContainMarker } from './1-scan/may-contain-marker.ts';

/**
 * The transformer for ts-patch: `{ "transform": "@cachekit/transformer", "transformProgram": true }`. Uses the
 * TypeScript that `extras` brings, because nodes of two copies of TypeScript must not be mixed.
 */
export default function transformProgram(
  program: TS.Program,
  _host: TS.CompilerHost | undefined,
  entry: Readonly<Record<string, unknown>>,
  extras: { readonly ts: typeof TS },
): TS.Program {
  requireNode();
  const { ts } = extras;
  if (!isSupported(ts)) return refuseProgram(ts, program);
  if (isUntyped(program.getCompilerOptions())) return refuseUntyped(ts, program);
  return hookWithEntry(ts, program, entry, { warn: (text) => ts.sys.write(text) });
}
