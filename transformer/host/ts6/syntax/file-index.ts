// One walk over a file's syntax tree: all nodes in source order, their parents, and what each name refers to. Parents
// and bindings are our own: a program that was never bound has neither, and every host must resolve alike.
import type TS from 'typescript';
import type { Range } from '../../../1-scan/marker.ts';
import { collectBindings, resolveName, type Binding } from './bindings.ts';
import type { ForeignNames } from './package-exports.ts';
import { walk } from './tree.ts';

export interface FileIndex {
  readonly ts: typeof TS;
  readonly file: TS.SourceFile;
  readonly text: string;
  /** Parents before children, siblings in source order. */
  readonly nodes: readonly TS.Node[];
  /** Those of them that are calls. */
  readonly calls: readonly TS.CallExpression[];
  /** Undefined for the file itself. */
  parentOf(node: TS.Node): TS.Node | undefined;
  /** Without leading trivia. */
  rangeOf(node: TS.Node): Range;
  /** What a name in an expression refers to; undefined: a global, or not declared. */
  resolve(identifier: TS.Identifier): Binding | undefined;
  /** Undefined: what other files hand on is not known. */
  readonly foreign: ForeignNames | undefined;
  /** Every identifier text of the file. */
  readonly identifiers: ReadonlySet<string>;
}

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
