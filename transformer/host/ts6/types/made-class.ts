// What an expression makes, where syntax says it: `new Map(…)` is a Map, and to ask the checker of which keys and values
// takes it longer than all other questions about a usual function.
import type ts from 'typescript';
import type { CheckContext } from './origin.ts';

/** Never an object: whatever it is typed as, there is no instance in it. */
export function isPrimitiveLiteral({ ts }: CheckContext, node: ts.Expression): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateExpression(node) ||
    ts.isNumericLiteral(node) ||
    ts.isBigIntLiteral(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword
  );
}

/** Name of the platform's class: of `new Map()`, and of a constant that holds it. Undefined: the checker has to say. */
export function madeClass(context: CheckContext, node: ts.Expression): string | undefined {
  const { ts, checker, origins } = context;
  const made = ts.isIdentifier(node) ? constantValue(context, node) : node;
  if (made === undefined || !ts.isNewExpression(made) || !ts.isIdentifier(made.expression)) return undefined;
  const declarations = checker.getSymbolAtLocation(made.expression)?.declarations ?? [];
  const isPlatform = declarations.length > 0 && declarations.every((one) => origins.isPlatform(one));
  return isPlatform ? made.expression.text : undefined;
}

function constantValue({ ts, checker }: CheckContext, node: ts.Identifier): ts.Expression | undefined {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const isConst = (declaration.parent.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  return isConst && declaration.type === undefined ? declaration.initializer : undefined;
}
