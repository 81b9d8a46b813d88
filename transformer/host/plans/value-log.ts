// A folder of named values to which any process may add at any time. Each addition is one file (a part); when there are
// too many parts, the next addition merges them. The newest value of a name counts; the reader decides whether it still
// holds.
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { namesIn } from '../disk.ts';
import { readWhole, writeWhole } from './whole-file.ts';

/** The values of one folder that were added with one key. */
export interface ValueLog {
  /** The value of a name; undefined: there is none. All reads see the folder as it was at the first read. */
  read(name: string): unknown;
  /** @throws what `node:fs` throws. */
  add(values: ReadonlyMap<string, unknown>): void;
}

/** With this many parts, the next addition merges all of them. */
const MAX_PARTS = 8;

interface Part {
  /** The full key: the folder is named after a shortened hash of it. */
  readonly key: string;
  /** Each value serialized by itself, as mostly a few of them are read. */
  readonly values: ReadonlyMap<string, Uint8Array>;
}

/** `key`: values that were added with another key are not found. */
export function openValueLog(folder: string, key: string): ValueLog {
  const valuesOf = (name: string): Part['values'] => {
    const part = readWhole(join(folder, name)) as Part | undefined; // undamaged, so as `add` wrote it
    return part?.key === key ? part.values : new Map();
  };
  /** Values of later parts replace values of earlier ones. */
  const merge = (parts: readonly Part['values'][]): Part['values'] =>
    new Map(parts.flatMap((part) => [...part]));
  let known: Part['values'] | undefined;
  return {
    read(name) {
      known ??= merge(partsIn(folder).map(valuesOf));
      const bytes = known.get(name);
      return bytes === undefined ? undefined : deserialize(bytes);
    },
    add(values) {
      mkdirSync(folder, { recursive: true });
      const parts = partsIn(folder);
      const old = parts.length < MAX_PARTS ? [] : parts;
      const added = new Map([...values].map(([name, value]) => [name, serialize(value)]));
      const part: Part = { key, values: merge([...old.map(valuesOf), added]) };
      writeWhole(join(folder, `${numberOf(parts.at(-1)) + 1}-${randomUUID()}`), part);
      // A process that is reading these parts now may miss values; it computes them again.
      for (const name of old) rmSync(join(folder, name), { force: true });
    },
  };
}

/** Names of the parts, oldest first. By the number in the name: two can be written in one tick of the clock. */
function partsIn(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => /^\d+-/.test(name))
    .toSorted((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(name: string | undefined): number {
  return name === undefined ? 0 : Number.parseInt(name, 10);
}
