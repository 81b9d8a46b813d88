// Compiled files on disk, each under the facts it was compiled from.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledFile } from '../project/project.ts';
import { hashText, type Facts } from './input-facts.ts';
import { keepNewest, newestFirst } from './newest-first.ts';
import { packFile, unpackFile, type StoredFile } from './stored-file.ts';
import { readWhole, writeWhole } from './whole-file.ts';

/** One state of the disk for which there are compiled files. */
export interface StoredState {
  readonly id: string;
  readonly facts: Facts;
}

export interface PlanStore {
  /** Newest first; each is read when it is asked for. */
  states(): Iterable<StoredState>;
  read(state: string, file: string, text: string): StoredFile | undefined;
  /** Never throws: a cache that cannot be written is no reason to fail a build. */
  write(facts: Facts, file: string, text: string, compiled: CompiledFile): void;
}

/** Branches that people switch between. */
const MAX_STATES = 8;

/** `salt`: everything that decides besides the facts. */
export function openPlanStore(folder: string, tsconfig: string, salt: string): PlanStore {
  const root = join(folder, hashText(tsconfig).slice(0, 16));
  const written = new WeakMap<Facts, string>();
  const stateFile = (id: string) => join(root, id, 'inputs');
  const entryFile = (state: string, file: string, text: string) =>
    join(root, state, hashText(`${file}\n${hashText(text)}`).slice(0, 32));
  return {
    *states() {
      for (const id of newestFirst(root, stateFile)) {
        const value = readWhole(stateFile(id));
        if (isState(value, id, salt)) yield { id, facts: value.facts };
      }
    },
    read(state, file, text) {
      const packed = readWhole(entryFile(state, file, text));
      return packed === undefined ? undefined : unpackFile(packed, text);
    },
    write(facts, file, text, compiled) {
      try {
        let id = written.get(facts);
        if (id === undefined) {
          const sorted = new Map([...facts].toSorted(byQuestion));
          id = idOf(sorted, salt);
          written.set(facts, id);
          mkdirSync(join(root, id), { recursive: true });
          writeWhole(stateFile(id), { salt, facts: sorted });
          keepNewest(root, MAX_STATES, stateFile);
        }
        writeWhole(entryFile(id, file, text), packFile(compiled));
      } catch {
        // read-only, full, or removed at this moment
      }
    },
  };
}

/** `facts` in order. */
function idOf(facts: Facts, salt: string): string {
  return hashText(JSON.stringify([salt, ...facts])).slice(0, 32);
}

function byQuestion([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isState(value: unknown, id: string, salt: string): value is { readonly facts: Facts } {
  if (typeof value !== 'object' || value === null) return false;
  const state = value as { salt?: unknown; facts?: unknown }; // checked here
  return state.salt === salt && state.facts instanceof Map && idOf(state.facts as Facts, salt) === id; // the id is a hash of both
}
