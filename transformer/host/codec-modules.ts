// The modules of the build option `codecs`: the output of a file depends on them, and each of them must exist.
import type { Emission } from '../compile-file.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import { codecModules } from './ts6/types/codec-modules.ts';
import type { CheckContext } from './ts6/types/origin.ts';

/**
 * Adds the codec modules to the dependencies of a file, and CK1408 for each module that the program does not contain.
 * An emission without plans is returned as it is.
 */
export function withCodecModules(emission: Emission, context: CheckContext, file: string): Emission {
  if (emission.plans.length === 0) return emission;
  const modules = codecModules(context);
  if (modules.length === 0) return emission;
  const files = modules.flatMap(({ source }) => (source === undefined ? [] : source.fileName));
  const missing = modules
    .filter(({ source }) => source === undefined)
    .map(({ written }) => {
      const args = { option: 'codecs', expected: `modules of the program, and '${written}' is none` };
      return createDiagnostic({ code: 'CK1408', range: { start: 0, end: 0 }, args }, file);
    });
  return {
    ...emission,
    diagnostics: [...emission.diagnostics, ...missing],
    dependencies: [...new Set([...emission.dependencies, ...files])].filter((one) => one !== file).toSorted(),
  };
}
