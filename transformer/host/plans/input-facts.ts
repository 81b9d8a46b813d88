// What a compilation looked at, as facts that can be asked of the disk again without TypeScript: the content of files,
// the absence of files, the names in folders, the targets of links. Same answers, same compilation.
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * - `text`: hash of the content as text, '' when it cannot be read
 * - `file`, `folder`: '1' when there is one
 * - `folders`: names of the folders in a folder
 * - `real`: the path without links
 * - `sources`: names of all source files under a folder
 */
export type FactKind = 'text' | 'file' | 'folder' | 'folders' | 'real' | 'sources';

/** `kind path` → answer. */
export type Facts = ReadonlyMap<string, string>;

export interface FactRecorder {
  /** Notes the answer unless there is one; another answer than before makes the facts unusable. */
  add(kind: FactKind, path: string, answer: string): void;
  /** Asks the disk, unless that is known. */
  ask(kind: FactKind, path: string): void;
  /** Undefined once two answers to one question differed: no single state of the disk explains both. */
  facts(): Facts | undefined;
}

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

/** `textOf`: what holds for a file instead of the disk's text. */
export function factsHold(facts: Facts, textOf: (file: string) => string | undefined): boolean {
  for (const [question, answer] of facts) {
    const space = question.indexOf(' ');
    const kind = question.slice(0, space) as FactKind; // written by `add`
    const path = question.slice(space + 1);
    const own = kind === 'text' ? textOf(path) : undefined;
    if ((own === undefined ? answerOf(kind, path) : hashText(own)) !== answer) return false;
  }
  return true;
}

/** Of a text without byte order mark, as TypeScript hands it out. */
export function hashText(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** Of the bytes where that is the hash of their text: decoding them only to encode them again takes longer than the hash. */
function hashBytes(bytes: Buffer): string {
  if (!isUtf8(bytes)) return hashText(bytes.toString('utf8'));
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hash('sha256', hasMark ? bytes.subarray(3) : bytes, 'base64url');
}

export function answerOf(kind: FactKind, path: string): string {
  try {
    return ANSWERS[kind](path);
  } catch {
    return ''; // not there, or not readable: the same to a compiler
  }
}

const ANSWERS: Readonly<Record<FactKind, (path: string) => string>> = {
  text: (path) => hashBytes(readFileSync(path)),
  file: (path) => (statSync(path, { throwIfNoEntry: false })?.isFile() === true ? '1' : ''),
  folder: (path) => (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? '1' : ''),
  folders: (path) =>
    readdirSync(path)
      .filter((name) => answerOf('folder', join(path, name)) === '1')
      .toSorted()
      .join('/'),
  real: (path) => realpathSync.native(path),
  sources: (path) => hashText(sourceNames(path).join('\n')),
};

const SOURCE = /\.(?:[cm]?[jt]sx?|json)$/;

/** Without those of packages: they are there by name, and their names are facts of their own. */
function sourceNames(folder: string): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string): void => {
    const real = realpathSync.native(join(folder, path));
    if (seen.has(real)) return; // a link that goes in a circle
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
