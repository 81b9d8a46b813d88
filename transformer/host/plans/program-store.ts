// Plans of whole programs on disk, for hosts that hold a TypeScript program (ts-patch, `cachekit build`): each file's last
// plan, with what it was made from. Which of them hold is decided by who reads them.
import { join } from 'node:path';
import { hashText } from './input-facts.ts';
import { keepNewest } from './newest-first.ts';
import type { KeptFacts, KeptPlan } from './plan-memory.ts';
import { openValueLog } from './value-log.ts';

export interface ProgramStore {
  plan(file: string): KeptPlan | undefined;
  facts(): KeptFacts | undefined;
  /** What one program adds. Never throws: a cache that cannot be written is no reason to fail a build. */
  write(plans: ReadonlyMap<string, KeptPlan>, facts: KeptFacts | undefined): void;
}

/** Sets of options that one tsconfig is compiled with. */
const MAX_WORLDS = 8;
/** Beside the paths of files. */
const FACTS = '';

/** `world`: what decides about all plans alike. */
export function openProgramStore(folder: string, tsconfig: string, world: string): ProgramStore {
  const root = join(folder, `programs-${hashText(tsconfig).slice(0, 16)}`);
  const log = openValueLog(join(root, hashText(world).slice(0, 32)), world);
  return {
    // As `write` wrote them.
    plan: (file) => log.read(file) as KeptPlan | undefined,
    facts: () => log.read(FACTS) as KeptFacts | undefined,
    write(plans, facts) {
      if (plans.size === 0 && facts === undefined) return;
      try {
        log.add(
          new Map<string, unknown>([...plans, ...(facts === undefined ? [] : [[FACTS, facts] as const])]),
        );
        keepNewest(root, MAX_WORLDS, (name) => join(root, name));
      } catch {
        // read-only, full, or removed at this moment
      }
    },
  };
}
