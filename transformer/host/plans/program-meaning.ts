// What each file of a program means, as one hash: for plans that are kept from one program to the next, in a process and
// on disk. What a file means is decided by it, by what it imports (however many files away) and by what is global; the
// checker knows nothing else.
import { hash } from 'node:crypto';
import type TS from 'typescript';
import { fileGraphOf, numberIn, type FileGraph } from './file-graph.ts';

export interface ProgramMeaning {
  /** Of a file of the program; undefined: it has none of that name. */
  of(file: string): string | undefined;
  /** Of all that others see without importing it, the default library included. */
  readonly global: string;
  /** Of all files that have the word `extends`: what a class may be replaced by. */
  readonly subclasses: string;
  /** Of all files. */
  readonly all: string;
}

/** Undefined: this TypeScript does not tell what its imports mean. */
export function meaningOf(ts: typeof TS, program: TS.Program): ProgramMeaning | undefined {
  const graph = fileGraphOf(program);
  if (graph === undefined) return undefined;
  const { traits, sums } = sumUp(
    graph,
    program.getSourceFiles().map((file) => traitsOf(ts, file)),
  );
  const sumOf = (wanted: (one: Traits) => boolean) =>
    hashOf(
      sums
        .filter((_, at) => wanted(traits[at] as Traits)) // as many as sums
        .toSorted()
        .join(),
    );
  const global = sumOf((one) => one.reachesAll);
  let subclasses: string | undefined;
  let all: string | undefined;
  return {
    of: (name) => {
      const at = numberIn(program, graph.numbers, name);
      return at === undefined ? undefined : sums[at];
    },
    global,
    // Few plans ask.
    get subclasses() {
      return (subclasses ??= sumOf((one) => one.mayExtend));
    },
    get all() {
      return (all ??= sumOf(() => true));
    },
  };
}

/** Both by number. */
interface Summary {
  readonly traits: readonly Traits[];
  readonly sums: readonly string[];
}

/** The last ones of a graph: after an edit most are what they were. */
const summaries = new WeakMap<FileGraph, Summary>();

function sumUp(graph: FileGraph, traits: readonly Traits[]): Summary {
  const before = summaries.get(graph);
  const isSame = (at: number): boolean => before?.sums[at] === sums[at];
  const sums: string[] = [];
  for (const { members, outer } of graph.components) {
    const isKept =
      before !== undefined &&
      members.every((at) => before.traits[at]?.hash === traits[at]?.hash) &&
      outer.every(isSame);
    const sum = isKept ? '' : componentSum(graph, traits, sums, members, outer);
    for (const at of members)
      sums[at] = isKept
        ? (before.sums[at] ?? '') // of the same graph: it has them all
        : members.length === 1
          ? sum
          : hashOf((graph.names[at] ?? '') + sum);
  }
  const summary = { traits, sums };
  summaries.set(graph, summary);
  return summary;
}

function componentSum(
  { imports }: FileGraph,
  traits: readonly Traits[],
  sums: readonly string[],
  members: readonly number[],
  outer: readonly number[],
): string {
  const own = members.map((at) => `${traits[at]?.hash} ${imports[at]}`);
  const imported = outer.map((at) => sums[at] ?? ''); // theirs come first
  return hashOf(JSON.stringify([own.toSorted(), imported.toSorted()]));
}

interface Traits {
  /** Of name, kind and text. */
  readonly hash: string;
  readonly reachesAll: boolean;
  readonly mayExtend: boolean;
}

/** In watch modes most files of a program are those of the last. */
const known = new WeakMap<TS.SourceFile, Traits>();

function traitsOf(ts: typeof TS, file: TS.SourceFile): Traits {
  const before = known.get(file);
  if (before !== undefined) return before;
  const { fileName, impliedNodeFormat, text } = file;
  const traits = {
    hash: hashOf(`${fileName}\n${impliedNodeFormat ?? ''}\n${text}`),
    reachesAll: reachesAll(ts, file),
    mayExtend: /\bextends\b/.test(text),
  };
  known.set(file, traits);
  return traits;
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

/**
 * Files whose declarations others see without importing them: scripts, `declare global`, augmented modules,
 * `export as namespace`, and JavaScript, which can write to `globalThis`.
 */
function reachesAll(ts: typeof TS, file: TS.SourceFile): boolean {
  const { moduleAugmentations } = file as { readonly moduleAugmentations?: readonly unknown[] }; // internal, set by programs
  return (
    !ts.isExternalModule(file) ||
    moduleAugmentations?.length !== 0 ||
    /\.[cm]?jsx?$/.test(file.fileName) ||
    file.statements.some((statement) => ts.isNamespaceExportDeclaration(statement))
  );
}
