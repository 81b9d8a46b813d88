// A TypeScript program and our entry in its tsconfig → a program that caches.
import type TS from 'typescript';
import { resolveOptions } from '../options.ts';
import { createSourceCompiler, saltOf } from './compile-source.ts';
import { hookProgram } from './program-hook.ts';
import { checkRuntimeVersion } from './runtime-version.ts';

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
  return hookProgram(ts, program, createSourceCompiler(ts, options), {
    salt: saltOf(options),
    warn,
    configDiagnostics: [...diagnostics, ...checkRuntimeVersion(config)],
  });
}
