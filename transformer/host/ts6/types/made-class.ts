// Tells from syntax alone what an expression creates: `new Map(…)` is a Map. To infer its keys and values takes the
// checker longer than everything else that is asked about a usual function.
import type ts from 'typescript';
import { symbolAt, type CheckContext } from './origin.ts';

/** Whether the node is a literal with a primitive value, which never contains an instance, whatever its type. */
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

/**
 * Name of the platform class that `new Map()`, or a constant with it, is an instance of. Undefined: ask the checker.
 */
export function madeClass(context: CheckContext, node: ts.Expression): string | undefined {
  const { ts, checker, origins } = context;
  const made = ts.isIdentifier(node) ? constantValue(context, node) : node;
  if (made === undefined || !ts.isNewExpression(made) || !ts.isIdentifier(made.expression)) return undefined;
  const declarations = checker.getSymbolAtLocation(made.expression)?.declarations ?? [];
  const isPlatform = declarations.length > 0 && declarations.every((one) => origins.isPlatform(one));
  return isPlatform ? made.expression.text : undefined;
}

/** The initializer of a `const` without a declared type. */
function constantValue(context: CheckContext, node: ts.Identifier): ts.Expression | undefined {
  const { ts } = context;
  const symbol = symbolAt(context, node);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const isConst = (declaration.parent.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  return isConst && declaration.type === undefined ? declaration.initializer : undefined;
}
