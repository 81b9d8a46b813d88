// Facts about the disk that a compilation depends on: the content of files, the absence of files, the names in folders,
// the targets of links. They can be checked without TypeScript; while all of them hold, compiling again gives the same
// result.
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isFile, isFolder } from '../disk.ts';

/**
 * What is asked about a path. Answers are text, and '' when the path does not exist or cannot be read.
 *
 * - `text`: hash of the content as text
 * - `file`, `folder`: '1' when the path is one
 * - `folders`: names of the folders in the folder
 * - `real`: the path with all links resolved
 * - `sources`: hash of the names of all source files under the folder
 */
export type FactKind = 'text' | 'file' | 'folder' | 'folders' | 'real' | 'sources';

/** Question (`kind path`) → answer. */
export type Facts = ReadonlyMap<string, string>;

/** Collects the facts that one compilation depends on. */
export interface FactRecorder {
  /** Records an answer that is known. One that differs from an earlier answer makes all facts unusable. */
  add(kind: FactKind, path: string, answer: string): void;
  /** Asks the disk and records the answer, unless the question has one. */
  ask(kind: FactKind, path: string): void;
  /** Undefined once a question got two different answers: no single state of the disk explains both. */
  facts(): Facts | undefined;
}

/** A recorder without facts. */
export function createFactRecorder(): FactRecorder {
  const known = new Map<string, string>();
  let isConsistent = true;
  const add = (kind: FactKind, path: string, answer: string): void => {
    const question = `${kind} ${path}`;
    const before = known.get(question);
    if (before === undefined) known.set(question, answer);
    else if (before !== answer) isConsistent = false;
  };
  return {
    add,
    ask(kind, path) {
      if (!known.has(`${kind} ${path}`)) add(kind, path, answerOf(kind, path));
    },
    facts: () => (isConsistent ? known : undefined),
  };
}

/** Whether the disk gives the same answers now. `textOf`: text that replaces what is on disk; undefined: none does. */
export function factsHold(facts: Facts, textOf: (file: string) => string | undefined): boolean {
  for (const [question, answer] of facts) {
    const space = question.indexOf(' ');
    const kind = question.slice(0, space) as FactKind; // written by `add`
    const path = question.slice(space + 1);
    const overlay = kind === 'text' ? textOf(path) : undefined;
    const current = overlay === undefined ? answerOf(kind, path) : hashText(overlay);
    if (current !== answer) return false;
  }
  return true;
}

/** Hash of a text as TypeScript hands it out: without byte order mark. */
export function hashText(text: string): string {
  return hash('sha256', text, 'base64url');
}

/**
 * `hashText` of the decoded bytes. Valid UTF-8 is hashed as it is: decoding and encoding it takes longer than the hash.
 */
function hashBytes(bytes: Buffer): string {
  if (!isUtf8(bytes)) return hashText(bytes.toString('utf8'));
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hash('sha256', hasMark ? bytes.subarray(3) : bytes, 'base64url');
}

/** Asks the disk. Never throws. */
export function answerOf(kind: FactKind, path: string): string {
  try {
    return ANSWERS[kind](path);
  } catch {
    return ''; // missing or unreadable: the same to a compiler
  }
}

const ANSWERS: Readonly<Record<FactKind, (path: string) => string>> = {
  text: (path) => hashBytes(readFileSync(path)),
  file: (path) => (isFile(path) ? '1' : ''),
  folder: (path) => (isFolder(path) ? '1' : ''),
  folders: (path) =>
    readdirSync(path)
      .filter((name) => answerOf('folder', join(path, name)) === '1')
      .toSorted()
      .join('/'),
  real: (path) => realpathSync.native(path),
  sources: (path) => hashText(sourceNames(path).join('\n')),
};

const SOURCE = /\.(?:[cm]?[jt]sx?|json)$/;

/**
 * Paths relative to the folder. Without node_modules: imports name packages, and what those resolve to are facts as
 * well.
 */
function sourceNames(folder: string): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const real = realpathSync.native(join(folder, path));
    if (seen.has(real)) return; // a link to a folder above, or to one that was visited
    seen.add(real);
    for (const entry of readdirSync(real, { withFileTypes: true })) {
      const { name } = entry;
      const inner = path === '' ? name : `${path}/${name}`;
      const isLink = entry.isSymbolicLink();
      const isFolder = isLink ? answerOf('folder', join(real, name)) === '1' : entry.isDirectory();
      if (isFolder && name !== 'node_modules' && name !== '.git') visit(inner);
      else if (!isFolder && SOURCE.test(name)) found.push(inner);
    }
  };
  visit('');
  return found.toSorted();
}
