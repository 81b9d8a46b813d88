// A project with a cache on disk: a file whose inputs have not changed comes from the cache, without TypeScript; any
// other is compiled and then stored.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OnStage } from '../../compile-file.ts';
import { isPlain } from '../is-plain.ts';
import type { CompiledFile, TypedProject } from '../project/project.ts';
import { factsHold } from './input-facts.ts';
import { isStorable } from './is-storable.ts';
import { ownFingerprint } from './own-fingerprint.ts';
import { planCacheFolder } from './plan-cache-folder.ts';
import { openPlanStore, type PlanStore } from './plan-store.ts';
import type { StoredFile } from './stored-file.ts';

/** The cache of the files whose program is searched for from one tsconfig. */
interface Start {
  readonly tsconfig: string;
  /** Undefined: the cache is switched off. */
  readonly store: PlanStore | undefined;
  /** Ids of the states whose facts hold, checked one by one on demand; undefined: not checked since the last change. */
  valid: Iterable<string> | undefined;
  /** File → text that a host announced before there was a program to take it. */
  readonly overlays: Map<string, string>;
  /** Function id → file, of the files that came from disk: the project behind has not compiled these. */
  readonly ids: Map<string, string>;
}

/** The part of a project that the cache stands in front of. */
export type Behind = Pick<TypedProject, 'compile' | 'update' | 'refresh' | 'startOf' | 'isOpen' | 'factsOf'>;

interface Stored {
  /** The compiled file from disk, for a text that has markers; undefined: it has to be compiled. */
  stored(file: string, text: string): CompiledFile | undefined;
}

/** `inner`, with the cache in front of `compile`. `cwd`: where relative paths start. */
export function withPlanCache<Inner extends Behind>(inner: Inner, cwd: string): Inner & Stored {
  const starts = new Map<string, Start>();
  const startOf = (file: string): Start | undefined => {
    const tsconfig = inner.startOf(file);
    if (tsconfig === undefined) return undefined; // an error only if the file has markers, which `inner` finds out
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
      // Two files with one function id: compiling them reports it.
      if (stored.ids.some((id) => (ids.get(id) ?? file) !== file)) return undefined;
      for (const id of stored.ids) ids.set(id, file);
      return stored;
    }
    return undefined;
  };
  const compileTyped = (start: Start, file: string, text: string | undefined): CompiledFile => {
    const compiled = inner.compile(file, text);
    if (!inner.isOpen(start.tsconfig)) return compiled;
    // `inner` has a program from now on. It gets the texts that were announced before, and compiles the files that came
    // from disk, as function ids must be unique in all files.
    const overlays = [...start.overlays];
    start.overlays.clear();
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

/**
 * The same values for any number of readers, each computed once and on demand: checking a state reads all its files.
 */
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
        yield found[index] as T; // index < found.length
      }
    },
  };
}

function keep(inner: Behind, start: Start, file: string, text: string, compiled: CompiledFile): void {
  if (!isStorable(compiled)) return;
  const facts = start.store === undefined ? undefined : inner.factsOf(start.tsconfig, compiled);
  if (facts === undefined) return;
  start.store?.write(facts, file, text, compiled);
}

/** The text as TypeScript reads it: without byte order mark. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
