// Compiled files from disk where nothing they depend on has changed; else from TypeScript, and then they are kept.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OnStage } from '../../compile-file.ts';
import { isPlain } from '../is-plain.ts';
import type { CompiledFile, TypedProject } from '../project/project.ts';
import { factsHold } from './input-facts.ts';
import { ownFingerprint } from './own-fingerprint.ts';
import { planCacheFolder } from './plan-cache-folder.ts';
import { openPlanStore, type PlanStore } from './plan-store.ts';
import type { StoredFile } from './stored-file.ts';

/** What is known of the plans that start from one tsconfig. */
interface Start {
  readonly tsconfig: string;
  readonly store: PlanStore | undefined;
  /** Ids of the states that hold, found one after the other; undefined: not looked at since the last change. */
  valid: Iterable<string> | undefined;
  /** Texts that were announced while there was no program that could take them. */
  readonly overlays: Map<string, string>;
  /** Identity → file, of what came from disk: TypeScript's side does not know these files. */
  readonly ids: Map<string, string>;
}

/** Reported only beside other files, or a bug of ours: not a fact about the file. */
const NOT_KEPT = new Set(['CK1017', 'CK1407']);

/** What is asked of the project behind. */
export type Behind = Pick<TypedProject, 'compile' | 'update' | 'refresh' | 'startOf' | 'isOpen' | 'factsOf'>;

interface Stored {
  /** What is on disk of a file with marks; undefined: it has to be compiled. */
  stored(file: string, text: string): CompiledFile | undefined;
}

export function withPlanCache<Inner extends Behind>(inner: Inner, cwd: string): Inner & Stored {
  const starts = new Map<string, Start>();
  const startOf = (file: string): Start | undefined => {
    const tsconfig = inner.startOf(file);
    if (tsconfig === undefined) return undefined; // matters only if something is marked, which is not known yet
    const known = starts.get(tsconfig);
    if (known !== undefined) return known;
    const folder = planCacheFolder(tsconfig);
    const store = folder === undefined ? undefined : openPlanStore(folder, tsconfig, ownFingerprint());
    const start: Start = { tsconfig, store, valid: undefined, overlays: new Map(), ids: new Map() };
    starts.set(tsconfig, start);
    return start;
  };
  const absolute = (path: string) => resolve(cwd, path).replaceAll('\\', '/');

  const find = (start: Start, file: string, text: string): StoredFile | undefined => {
    const { store, ids, overlays } = start;
    if (store === undefined || inner.isOpen(start.tsconfig)) return undefined;
    start.valid ??= remember(validStates(store, overlays));
    for (const state of start.valid) {
      const stored = store.read(state, file, text);
      if (stored === undefined) continue;
      // Two files with one identity: TypeScript's side has the words for that.
      if (stored.ids.some((id) => (ids.get(id) ?? file) !== file)) return undefined;
      for (const id of stored.ids) ids.set(id, file);
      return stored;
    }
    return undefined;
  };
  const compileTyped = (start: Start, file: string, text: string | undefined): CompiledFile => {
    const compiled = inner.compile(file, text);
    if (!inner.isOpen(start.tsconfig)) return compiled;
    const overlays = [...start.overlays];
    start.overlays.clear();
    // Files that came from disk count for what must be unique in a project.
    const others = new Set(start.ids.values());
    others.delete(file);
    start.ids.clear();
    if (others.size + overlays.length === 0) return compiled;
    for (const [other, overlay] of overlays) inner.update(other, overlay);
    for (const other of others) inner.compile(other);
    return inner.compile(file, text);
  };
  return {
    ...inner,
    stored(path, text) {
      const start = startOf(absolute(path));
      return start === undefined ? undefined : find(start, absolute(path), text);
    },
    compile(path: string, text?: string, onStage?: OnStage) {
      const file = absolute(path);
      if (onStage !== undefined || (text !== undefined && isPlain(text)))
        return inner.compile(file, text, onStage);
      const start = startOf(file);
      const given = text ?? start?.overlays.get(file);
      const written = given ?? readText(file);
      if (start === undefined || written === undefined || isPlain(written)) return inner.compile(file, given);
      const stored = find(start, file, written);
      if (stored !== undefined) return stored;
      const compiled = compileTyped(start, file, given);
      keep(inner, start, file, written, compiled);
      return compiled;
    },
    update(path: string, text?: string) {
      const file = absolute(path);
      for (const start of starts.values()) {
        start.valid = undefined;
        if (text === undefined) start.overlays.delete(file);
        else if (!inner.isOpen(start.tsconfig)) start.overlays.set(file, text);
      }
      inner.update(file, text);
    },
    refresh() {
      for (const start of starts.values()) start.valid = undefined;
      inner.refresh();
    },
  };
}

function* validStates(store: PlanStore, overlays: ReadonlyMap<string, string>): Iterable<string> {
  const textOf = (file: string) => overlays.get(file);
  for (const { id, facts } of store.states()) if (factsHold(facts, textOf)) yield id;
}

/** Asks for each value once, and only when somebody comes that far: to prove one more state means to read all its files. */
function remember<T>(values: Iterable<T>): Iterable<T> {
  const source = values[Symbol.iterator]();
  const found: T[] = [];
  return {
    *[Symbol.iterator]() {
      for (let index = 0; ; index++) {
        if (index === found.length) {
          const { done, value } = source.next();
          if (done === true) return;
          found.push(value);
        }
        yield found[index] as T; // there is one: just checked
      }
    },
  };
}

function keep(inner: Behind, start: Start, file: string, text: string, compiled: CompiledFile): void {
  if (compiled.diagnostics.some(({ code }) => NOT_KEPT.has(code))) return;
  const facts = start.store === undefined ? undefined : inner.factsOf(start.tsconfig, compiled);
  if (facts === undefined) return;
  start.store?.write(facts, file, text, compiled);
}

/** As TypeScript reads it. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
