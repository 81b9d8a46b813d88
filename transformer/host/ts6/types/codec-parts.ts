// Reads codecs in source code: their ids, and the class that a ClassCodec is for.
import type ts from 'typescript';
import { isOwnDeclaration } from './brand.ts';
import { type CheckContext, resolvedSymbol } from './origin.ts';

/** A codec, as far as source code and types tell. */
export interface FoundCodec {
  /** Undefined: it is not a string literal in the source. */
  readonly id: string | undefined;
  /** The type of the codec itself. */
  readonly type: ts.Type;
}

/** The `id` of an object literal, also through `satisfies`, parentheses and the name of a constant. */
export function idIn(context: CheckContext, node: ts.Expression | undefined, depth = 0): string | undefined {
  const { ts, checker } = context;
  if (node === undefined || depth > 5) return undefined;
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return idIn(context, node.expression, depth + 1);
  if (ts.isIdentifier(node)) {
    const declaration = resolvedSymbol(context, checker.getSymbolAtLocation(node))?.valueDeclaration;
    return declaration !== undefined && ts.isVariableDeclaration(declaration)
      ? idIn(context, declaration.initializer, depth + 1)
      : undefined;
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  for (const property of node.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== 'id') continue;
    return ts.isStringLiteralLike(property.initializer) ? property.initializer.text : undefined;
  }
  return undefined;
}

/** `T` of cachekit's `ClassCodec<T>`; undefined for other types. */
export function codedType(context: CheckContext, type: ts.Type): ts.Type | undefined {
  const { ts, checker } = context;
  const declaration = type.symbol?.declarations?.[0];
  if (type.symbol?.name !== 'ClassCodec' || declaration === undefined) return undefined;
  if (!isOwnDeclaration(context, declaration)) return undefined;
  const flags = (type as ts.ObjectType).objectFlags ?? 0; // undefined for other types
  if ((flags & ts.ObjectFlags.Reference) === 0) return undefined;
  return checker.getTypeArguments(type as ts.TypeReference)[0]; // by its flag
}
