// Finds the fields of `this` that can be part of a key, and their types.
import type ts from 'typescript';
import type { Target } from '../../../1-scan/marker.ts';
import { thisFieldNames } from '../../../1-scan/this-field-names.ts';
import type { SignatureFacts } from '../../../2-shape/type-reader.ts';
import { suggest } from '../../../diagnostics/suggest.ts';
import type { CheckContext } from './origin.ts';

/** The `readonly` fields that the function reads. */
export function readonlyFields(
  context: CheckContext,
  node: ts.SignatureDeclaration,
  target: Target,
): NonNullable<SignatureFacts['thisFields']> {
  const names = thisFieldNames(target);
  const home = names.length === 0 ? undefined : homeOf(context, node);
  if (home === undefined) return [];
  return names.flatMap((name) => {
    const symbol = fieldOf(context, home, name);
    if (symbol === undefined || !isReadonly(context, symbol)) return [];
    return [{ name, type: context.checker.getTypeOfSymbol(symbol) }];
  });
}

/** The type at the end of a path that starts at `this`. Like with `?.`, a step on null or undefined gives undefined. */
export function selfType(
  context: CheckContext,
  node: ts.SignatureDeclaration,
  path: readonly string[],
): NonNullable<SignatureFacts['self']> {
  const { checker } = context;
  let type = homeOf(context, node)?.type;
  if (type === undefined) return { ok: false, suggestion: undefined };
  for (const [index, name] of path.entries()) {
    const owner: ts.Type = checker.getNonNullableType(type);
    const symbol = checker.getPropertyOfType(owner, name);
    if (symbol === undefined) {
      const names = checker.getPropertiesOfType(owner).map((one) => one.name);
      const near = suggest(name, names);
      const before = path.slice(0, index);
      return { ok: false, suggestion: near && `$${['this', ...before, near].join('.')}` };
    }
    type = checker.getTypeOfSymbol(symbol);
  }
  return { ok: true, type };
}

interface Home {
  readonly type: ts.Type;
  readonly owner: ts.ClassLikeDeclaration | undefined;
}

/** The type that `this` has in a function. Arrow functions have the `this` of what is around them. */
function homeOf(context: CheckContext, node: ts.Node): Home | undefined {
  const { ts, checker } = context;
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    if (ts.isArrowFunction(at)) continue;
    if (ts.isFunctionLike(at)) {
      const declared = at.parameters.find(
        (param) => ts.isIdentifier(param.name) && param.name.text === 'this',
      );
      if (declared !== undefined) return { type: checker.getTypeAtLocation(declared), owner: undefined };
      return memberHome(context, at);
    }
    if (ts.isPropertyDeclaration(at) || ts.isClassStaticBlockDeclaration(at)) return memberHome(context, at);
  }
  return undefined;
}

function memberHome(context: CheckContext, member: ts.Node): Home | undefined {
  const { ts, checker } = context;
  const owner = member.parent;
  if (owner === undefined) return undefined;
  if (ts.isObjectLiteralExpression(owner))
    return { type: checker.getTypeAtLocation(owner), owner: undefined };
  if (!ts.isClassLike(owner)) return undefined;
  const { symbol } = checker.getTypeAtLocation(owner);
  const isStatic =
    ts.isClassStaticBlockDeclaration(member) ||
    (ts.canHaveModifiers(member) &&
      ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) === true);
  const type = isStatic
    ? checker.getTypeOfSymbolAtLocation(symbol, owner)
    : checker.getDeclaredTypeOfSymbol(symbol);
  return { type, owner };
}

function fieldOf({ ts, checker }: CheckContext, home: Home, name: string): ts.Symbol | undefined {
  if (!name.startsWith('#')) return checker.getPropertyOfType(home.type, name);
  const member = home.owner?.members.find(
    (one) => one.name !== undefined && ts.isPrivateIdentifier(one.name) && one.name.text === name,
  );
  return member?.name === undefined ? undefined : checker.getSymbolAtLocation(member.name);
}

/**
 * Whether a field is set only once. Abstract fields, and those of interfaces, may be accessors in the actual object.
 */
function isReadonly({ ts }: CheckContext, { declarations = [] }: ts.Symbol): boolean {
  return (
    declarations.length > 0 &&
    declarations.every((declaration) => {
      const isField =
        (ts.isPropertyDeclaration(declaration) && ts.isClassLike(declaration.parent)) ||
        (ts.isParameter(declaration) && ts.isParameterPropertyDeclaration(declaration, declaration.parent));
      const flags = ts.getCombinedModifierFlags(declaration);
      return (
        isField && (flags & ts.ModifierFlags.Readonly) !== 0 && (flags & ts.ModifierFlags.Abstract) === 0
      );
    })
  );
}
