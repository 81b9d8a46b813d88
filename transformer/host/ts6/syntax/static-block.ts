// Marks at a `static { }` block: it runs once, when its class is made, and nobody calls it.
import type TS from 'typescript';
import type { TargetAnswer } from '../../../1-scan/syntax-reader.ts';
import type { FileIndex } from './file-index.ts';

/**
 * `answer`, or that the mark is in vain because of the static block that it stands before or in. Functions that a block
 * makes can be cached like those of any other function.
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
  // A function or class of its own between the two: the mark is about something there.
  const own = index.nodes.findLast(
    (node) => (ts.isFunctionLike(node) || ts.isClassLike(node)) && isIn(node, offset),
  );
  if (own !== undefined && own.pos > block.pos) return answer;
  return { ok: false, reason: 'static-block', what: 'static block', name: '', range: answer.range };
}

function isIn(node: TS.Node, offset: number): boolean {
  return node.pos < offset && offset < node.end;
}
