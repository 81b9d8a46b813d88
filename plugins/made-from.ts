// Invalidates marked modules in Vite's module graph. When only an imported file changes, Vite keeps the transformed
// code of the importing module; but the code generated for a marked module depends on that file as well.
import type { ViteDevServer } from 'vite';

export interface MadeFrom {
  /** Records that `file` was compiled from these other files too. */
  note(file: string, inputs: readonly string[]): void;
  /** Invalidates all modules compiled from `input`, which was changed, created or deleted. */
  forget(server: ViteDevServer, input: string): void;
}

/** The record of one dev server. */
export function createMadeFrom(): MadeFrom {
  const inputsOf = new Map<string, ReadonlySet<string>>();
  return {
    note(file, inputs) {
      inputsOf.set(file, new Set(inputs));
    },
    forget(server, input) {
      for (const [file, inputs] of inputsOf) {
        if (!inputs.has(input)) continue;
        for (const { moduleGraph } of Object.values(server.environments))
          for (const module of moduleGraph.getModulesByFile(file) ?? []) moduleGraph.invalidateModule(module);
      }
    },
  };
}
