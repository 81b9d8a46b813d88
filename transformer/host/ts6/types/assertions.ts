// Finds assertions that hide the real type of a result from the build: `return row as any` where a User is declared.
import type ts from 'typescript';
import type { AssertedAnswer } from '../../../2-shape/asserted-answer.ts';
import type { Answer } from './answers.ts';
import type { CheckContext } from './origin.ts';
import { declaredAt, pathText } from './returned-instances.ts';

/**
 * The answers whose type without the assertion does not fit the declared one. Values of unknown type such as
 * `JSON.parse(…)` are not reported: that is how data comes in, and the runtime checks it. `declared`: the awaited
 * results, one per overload.
 */
export function assertedAnswers(
  context: CheckContext,
  answers: readonly Answer[],
  declared: readonly ts.Type[],
): readonly AssertedAnswer[] {
  const { ts, checker } = context;
  // Nor does the checker know what a type parameter stands for: code can often do no better than to assert it.
  const vague = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Instantiable;
  const found = new Map<ts.Node, AssertedAnswer>();
  for (const { node, steps, assertion } of answers) {
    if (assertion === undefined || found.has(assertion)) continue;
    const own = checker.getTypeAtLocation(node);
    const actual = checker.getAwaitedType(own) ?? own;
    const expected = declaredAt(context, declared, steps);
    const isVague = [actual, ...expected].some((type) => (type.flags & vague) !== 0);
    const [first] = expected;
    if (isVague || first === undefined || expected.some((type) => checker.isTypeAssignableTo(actual, type)))
      continue;
    const range = { start: assertion.getStart(), end: assertion.end };
    found.set(assertion, { path: pathText(steps), type: checker.typeToString(actual), range });
  }
  return [...found.values()];
}
