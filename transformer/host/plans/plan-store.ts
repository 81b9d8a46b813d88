// The plan cache on disk for hosts that compile text: compiled files, grouped by the facts they were compiled from.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledFile } from '../project/project.ts';
import { hashText, type Facts } from './input-facts.ts';
import { keepNewest, newestFirst } from './newest-first.ts';
import { packFile, unpackFile, type StoredFile } from './stored-file.ts';
import { readWhole, writeWhole } from './whole-file.ts';

/** A state of the disk, as facts, for which compiled files are stored. */
export interface StoredState {
  readonly id: string;
  readonly facts: Facts;
}

/** The stored compiled files of one tsconfig. */
export interface PlanStore {
  /** Newest first. Each state is read from disk when the iteration gets to it. */
  states(): Iterable<StoredState>;
  /** The compiled file for this text in the state of this id; undefined: none is stored. */
  read(state: string, file: string, text: string): StoredFile | undefined;
  /** Never throws: a cache that cannot be written is no reason to fail a build. */
  write(facts: Facts, file: string, text: string, compiled: CompiledFile): void;
}

/** States kept for one tsconfig: about as many as there are branches that somebody switches between. */
const MAX_STATES = 8;

/** `salt`: everything that decides the output besides the facts. */
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
        // the disk is read-only or full, or another process has just removed the folder
      }
    },
  };
}

/** `facts`: sorted by question. */
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
