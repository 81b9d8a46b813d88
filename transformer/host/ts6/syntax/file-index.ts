// Walks over a file's syntax tree once, and keeps all nodes in source order, their parents, and what names refer to.
// TypeScript has parents and bindings only in programs that it has bound; with our own, every host resolves names
// alike.
import type TS from 'typescript';
import type { Range } from '../../../1-scan/marker.ts';
import { collectBindings, resolveName, type Binding } from './bindings.ts';
import type { ForeignNames } from './package-exports.ts';
import { walk } from './tree.ts';

/** A parsed file with what the reader looks up in it. */
export interface FileIndex {
  readonly ts: typeof TS;
  readonly file: TS.SourceFile;
  readonly text: string;
  /** Parents before children, siblings in source order. */
  readonly nodes: readonly TS.Node[];
  /** The calls among `nodes`. */
  readonly calls: readonly TS.CallExpression[];
  /** Undefined for the file itself. */
  parentOf(node: TS.Node): TS.Node | undefined;
  /** Offsets of a node in the text, without leading trivia. */
  rangeOf(node: TS.Node): Range;
  /** What a name in an expression refers to; undefined: a global, or a name that nothing declares. */
  resolve(identifier: TS.Identifier): Binding | undefined;
  /** Resolves names that other files re-export. Undefined: there is no program to ask. */
  readonly foreign: ForeignNames | undefined;
  /** Every identifier text of the file. */
  readonly identifiers: ReadonlySet<string>;
}

/** Works on any parsed file, and never throws on half-typed code. */
export function indexFile(ts: typeof TS, file: TS.SourceFile, foreign?: ForeignNames): FileIndex {
  const nodes: TS.Node[] = [];
  const calls: TS.CallExpression[] = [];
  const parents = new Map<TS.Node, TS.Node>();
  const identifiers = new Set<string>();
  walk(ts, file, (node, parent) => {
    nodes.push(node);
    if (ts.isIdentifier(node)) identifiers.add(node.text);
    else if (ts.isCallExpression(node)) calls.push(node);
    if (parent !== undefined) parents.set(node, parent);
    return true;
  });
  const parentOf = (node: TS.Node): TS.Node | undefined => parents.get(node);
  const scopes = collectBindings(ts, nodes, parentOf);
  const limit = file.text.length;
  return {
    ts,
    file,
    text: file.text,
    nodes,
    calls,
    parentOf,
    rangeOf: (node) => {
      const end = Math.min(node.end, limit);
      return { start: Math.min(node.getStart(file), end), end };
    },
    resolve: (identifier) => resolveName(ts, scopes, parentOf, identifier),
    foreign,
    identifiers,
  };
}
