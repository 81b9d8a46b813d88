// Named values in one folder that any process may add to: each time one file with what is new, all of them one again before
// they are many. The newest value of a name counts; which of them are right is decided by who reads them.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { readWhole, writeWhole } from './whole-file.ts';

export interface ValueLog {
  /** As they were when a value was asked for first. */
  read(name: string): unknown;
  /** @throws what `node:fs` throws. */
  add(values: ReadonlyMap<string, unknown>): void;
}

/** Files that are read one after the other; one more makes one of all. */
const MAX_PARTS = 8;

interface Part {
  /** The whole text: names of folders are shortened hashes. */
  readonly key: string;
  /** Each for itself: mostly a few are asked for. */
  readonly values: ReadonlyMap<string, Uint8Array>;
}

/** `key`: values that were added under another one are not there. */
export function openValueLog(folder: string, key: string): ValueLog {
  const valuesOf = (name: string): Part['values'] => {
    const part = readWhole(join(folder, name)) as Part | undefined; // whole: as `add` wrote it
    return part?.key === key ? part.values : new Map();
  };
  /** Later ones replace earlier ones. */
  const inOne = (parts: readonly Part['values'][]): Part['values'] =>
    new Map(parts.flatMap((part) => [...part]));
  let known: Part['values'] | undefined;
  return {
    read(name) {
      known ??= inOne(partsIn(folder).map(valuesOf));
      const bytes = known.get(name);
      return bytes === undefined ? undefined : deserialize(bytes);
    },
    add(values) {
      mkdirSync(folder, { recursive: true });
      const parts = partsIn(folder);
      const old = parts.length < MAX_PARTS ? [] : parts;
      const added = new Map([...values].map(([name, value]) => [name, serialize(value)]));
      const part: Part = { key, values: inOne([...old.map(valuesOf), added]) };
      writeWhole(join(folder, `${numberOf(parts.at(-1)) + 1}-${randomUUID()}`), part);
      // Who reads these now finds fewer values, and makes the others again.
      for (const name of old) rmSync(join(folder, name), { force: true });
    },
  };
}

/** Oldest first: by number, as two can be written in one tick of a clock. */
function partsIn(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => /^\d+-/.test(name))
    .toSorted((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(name: string | undefined): number {
  return name === undefined ? 0 : Number.parseInt(name, 10);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing was added yet
  }
}
