// The meaning of each file of a program: a hash of its text and of the meanings of all files that it imports. Types in
// a file depend on nothing else but the program's global declarations, which have a hash of their own. Plans of earlier
// programs are reused as long as these hashes are the same.
import { hash } from 'node:crypto';
import type TS from 'typescript';
import { fileGraphOf, numberIn, type FileComponent, type FileGraph } from './file-graph.ts';

/** The meanings of the files of one program, as hashes. */
export interface ProgramMeaning {
  /** Of one file, without global declarations; undefined: the program does not have the file. */
  of(file: string): string | undefined;
  /** Of all files with global declarations, the default library among them. */
  readonly global: string;
  /** Of all files with the word `extends`: only these can have subclasses. */
  readonly subclasses: string;
  /** Of all files. */
  readonly all: string;
}

/** Undefined: this version of TypeScript does not tell what its imports resolve to. */
export function meaningOf(ts: typeof TS, program: TS.Program): ProgramMeaning | undefined {
  const graph = fileGraphOf(program);
  if (graph === undefined) return undefined;
  const { traits, meanings } = hashMeanings(
    graph,
    program.getSourceFiles().map((file) => traitsOf(ts, file)),
  );
  const hashOfFiles = (isWanted: (one: Traits) => boolean) =>
    hashOf(
      meanings
        .filter((_, at) => isWanted(traits[at] as Traits)) // as many as meanings
        .toSorted()
        .join(),
    );
  const global = hashOfFiles((one) => one.isGlobal);
  let subclasses: string | undefined;
  let all: string | undefined;
  return {
    of: (name) => {
      const at = numberIn(program, graph.numbers, name);
      return at === undefined ? undefined : meanings[at];
    },
    global,
    // Computed on demand, as few plans need these two.
    get subclasses() {
      return (subclasses ??= hashOfFiles((one) => one.mayExtend));
    },
    get all() {
      return (all ??= hashOfFiles(() => true));
    },
  };
}

/** Both by number of the file. */
interface Hashed {
  readonly traits: readonly Traits[];
  readonly meanings: readonly string[];
}

/** The last hashes of a graph: after an edit most of them are still right. */
const lastHashed = new WeakMap<FileGraph, Hashed>();

function hashMeanings(graph: FileGraph, traits: readonly Traits[]): Hashed {
  const before = lastHashed.get(graph);
  const meanings: string[] = [];
  // A component comes after those that it imports, so the meanings of its imports are known.
  for (const component of graph.components) {
    const { members, outer } = component;
    const isUnchanged =
      before !== undefined &&
      members.every((at) => before.traits[at]?.hash === traits[at]?.hash) &&
      outer.every((at) => before.meanings[at] === meanings[at]);
    if (isUnchanged) {
      for (const at of members) meanings[at] = before.meanings[at] ?? ''; // never '': it is of the same graph
      continue;
    }
    const hash = hashComponent(graph, component, traits, meanings);
    for (const at of members)
      meanings[at] = members.length === 1 ? hash : hashOf((graph.names[at] ?? '') + hash);
  }
  const hashed = { traits, meanings };
  lastHashed.set(graph, hashed);
  return hashed;
}

function hashComponent(
  { imports }: FileGraph,
  { members, outer }: FileComponent,
  traits: readonly Traits[],
  meanings: readonly string[],
): string {
  const own = members.map((at) => `${traits[at]?.hash} ${imports[at]}`);
  const imported = outer.map((at) => meanings[at] ?? ''); // never '': see above
  return hashOf(JSON.stringify([own.toSorted(), imported.toSorted()]));
}

/** What the text of a file alone decides. */
interface Traits {
  /** Of name, module format and text. */
  readonly hash: string;
  readonly isGlobal: boolean;
  readonly mayExtend: boolean;
}

/** By file: in watch modes most files of a program are the same objects as in the last one. */
const known = new WeakMap<TS.SourceFile, Traits>();

function traitsOf(ts: typeof TS, file: TS.SourceFile): Traits {
  const before = known.get(file);
  if (before !== undefined) return before;
  const { fileName, impliedNodeFormat, text } = file;
  const traits = {
    hash: hashOf(`${fileName}\n${impliedNodeFormat ?? ''}\n${text}`),
    isGlobal: isGlobal(ts, file),
    mayExtend: /\bextends\b/.test(text),
  };
  known.set(file, traits);
  return traits;
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

/**
 * Whether other files can see declarations of this one without importing it: scripts, `declare global`, augmented
 * modules, `export as namespace`, and JavaScript, which can write to `globalThis`.
 */
function isGlobal(ts: typeof TS, file: TS.SourceFile): boolean {
  const { moduleAugmentations } = file as { readonly moduleAugmentations?: readonly unknown[] }; // internal, set by programs
  return (
    !ts.isExternalModule(file) ||
    moduleAugmentations?.length !== 0 ||
    /\.[cm]?jsx?$/.test(file.fileName) ||
    file.statements.some((statement) => ts.isNamespaceExportDeclaration(statement))
  );
}
