// Replaces `x.#m`, the argument of a `cacheOf`, by the generated call, with the user's own nodes for `x` and `#m` in
// it.
import type TS from 'typescript';
import type { HandleText } from '../../5-generate/texts.ts';
import { parseTexts } from './parse-texts.ts';

/** Placeholder for `x` in the text that is parsed. */
const SLOT = '$ck_object';

/** @throws when the text is not an expression with one place for each of the two nodes. */
export function fillHandle(
  ts: typeof TS,
  context: TS.TransformationContext,
  access: TS.PropertyAccessExpression,
  { prefix, middle, suffix }: HandleText,
): TS.Expression {
  const [statement] = parseTexts(ts, `${prefix}${SLOT}${middle}.${access.name.text}${suffix}`);
  let filled = 0;
  const fill = (node: TS.Node): TS.Node => {
    const isSlot = ts.isIdentifier(node) && node.text === SLOT;
    if (!isSlot && !ts.isPrivateIdentifier(node)) return ts.visitEachChild(node, fill, context);
    filled++;
    return isSlot ? access.expression : access.name;
  };
  const call =
    statement !== undefined && ts.isExpressionStatement(statement)
      ? ts.visitNode(statement.expression, fill, ts.isExpression)
      : undefined;
  if (call === undefined || filled !== 2) throw new Error('the generated text has no place for the method');
  return call;
}
