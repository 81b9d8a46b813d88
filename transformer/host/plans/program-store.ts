// The plan cache on disk for hosts that hold a TypeScript program (ts-patch, `cachekit build`): the last plan of each
// file, with the hashes it was made from. The reader decides whether a plan still holds.
import { join } from 'node:path';
import { hashText } from './input-facts.ts';
import { keepNewest } from './newest-first.ts';
import type { KeptFacts, KeptPlan } from './plan-memory.ts';
import { openValueLog } from './value-log.ts';

/** The stored results of one tsconfig in one environment. */
export interface ProgramStore {
  plan(file: string): KeptPlan | undefined;
  facts(): KeptFacts | undefined;
  /** Adds the results of one program. Never throws: a cache that cannot be written is no reason to fail a build. */
  write(plans: ReadonlyMap<string, KeptPlan>, facts: KeptFacts | undefined): void;
}

/** Environments kept for one tsconfig, such as the sets of options it is compiled with. */
const MAX_ENVIRONMENTS = 8;
/** The name of the facts in the log; plans have the paths of their files. */
const FACTS = '';

/** `environment`: what decides all plans alike. Plans of another environment are not found. */
export function openProgramStore(folder: string, tsconfig: string, environment: string): ProgramStore {
  const root = join(folder, `programs-${hashText(tsconfig).slice(0, 16)}`);
  const log = openValueLog(join(root, hashText(environment).slice(0, 32)), environment);
  return {
    plan: (file) => log.read(file) as KeptPlan | undefined, // as `write` wrote it
    facts: () => log.read(FACTS) as KeptFacts | undefined, // the same
    write(plans, facts) {
      if (plans.size === 0 && facts === undefined) return;
      try {
        log.add(
          new Map<string, unknown>([...plans, ...(facts === undefined ? [] : [[FACTS, facts] as const])]),
        );
        keepNewest(root, MAX_ENVIRONMENTS, (name) => join(root, name));
      } catch {
        // the disk is read-only or full, or another process has just removed the folder
      }
    },
  };
}
