// Vite keeps what it made of a module while only files change that the module imports: it writes the addresses of imports
// anew. What stands in marked modules was made from the code of those files as well.
import type { ViteDevServer } from 'vite';

export interface MadeFrom {
  /** `file` was compiled from these files as well. */
  note(file: string, inputs: readonly string[]): void;
  /** That file changed, came or went: what was made from it is made again. */
  forget(server: ViteDevServer, input: string): void;
}

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
