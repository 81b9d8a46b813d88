// Plans of whole programs on disk, for hosts that hold a TypeScript program (ts-patch, `cachekit build`): each file's last
// plan, with what it was made from. Which of them hold is decided by who reads them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hashText } from './input-facts.ts';
import { keepNewest } from './newest-first.ts';
import type { KeptFacts, KeptPlan } from './plan-memory.ts';
import { readWhole, writeWhole } from './whole-file.ts';

export interface ProgramStore {
  plan(file: string): KeptPlan | undefined;
  facts(): KeptFacts | undefined;
  /** Neither throws: a cache that cannot be written is no reason to fail a build. */
  writePlan(file: string, kept: KeptPlan): void;
  writeFacts(facts: KeptFacts): void;
}

/** Sets of options that one tsconfig is compiled with. */
const MAX_WORLDS = 8;

/** `world`: what decides about all plans alike. */
export function openProgramStore(folder: string, tsconfig: string, world: string): ProgramStore {
  const root = join(folder, `programs-${hashText(tsconfig).slice(0, 16)}`);
  const own = join(root, hashText(world).slice(0, 32));
  const fileOf = (name: string) => join(own, hashText(name).slice(0, 32));
  let isThere = false;
  const write = (file: string, value: unknown): void => {
    try {
      if (!isThere) {
        mkdirSync(own, { recursive: true });
        keepNewest(root, MAX_WORLDS, (name) => join(root, name));
      }
      isThere = true;
      writeWhole(file, value);
    } catch {
      isThere = false; // read-only, full, or removed at this moment
    }
  };
  // The whole text of a key stands in each file: names of files are shortened hashes.
  const read = (file: string, name: string): unknown => {
    const value = readWhole(file) as { readonly name: string; readonly value: unknown } | undefined; // whole: as `write` wrote it
    return value?.name === `${world} ${name}` ? value.value : undefined;
  };
  return {
    plan: (file) => read(fileOf(file), file) as KeptPlan | undefined,
    facts: () => read(join(own, 'facts'), '') as KeptFacts | undefined,
    writePlan: (file, value) => write(fileOf(file), { name: `${world} ${file}`, value }),
    writeFacts: (value) => write(join(own, 'facts'), { name: `${world} `, value }),
  };
}
