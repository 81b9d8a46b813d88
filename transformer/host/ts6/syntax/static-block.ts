// Explains markers at a `static { }` block, which cannot be cached: it runs once, with its class, and is never called.
import type TS from 'typescript';
import type { TargetAnswer } from '../../../1-scan/syntax-reader.ts';
import type { FileIndex } from './file-index.ts';

/**
 * `answer`; but if the marker has no target because it stands before or in a static block, an answer that says so.
 * Functions inside of the block can be cached like any other.
 */
export function withStaticBlock(index: FileIndex, answer: TargetAnswer, offset: number): TargetAnswer {
  const { ts } = index;
  if (answer.ok || (answer.reason !== 'nothing' && answer.reason !== 'not-a-function')) return answer;
  const block = index.nodes.findLast(
    (node) =>
      ts.isClassStaticBlockDeclaration(node) &&
      (index.rangeOf(node).start === answer.range.start || isIn(node, offset)),
  );
  if (block === undefined) return answer;
  // When a function or class lies between the block and the marker, the marker belongs to something in there.
  const own = index.nodes.findLast(
    (node) => (ts.isFunctionLike(node) || ts.isClassLike(node)) && isIn(node, offset),
  );
  if (own !== undefined && own.pos > block.pos) return answer;
  return { ok: false, reason: 'static-block', what: 'static block', name: '', range: answer.range };
}

function isIn(node: TS.Node, offset: number): boolean {
  return node.pos < offset && offset < node.end;
}
