// Types of the values that a writer (a function with `@cacheInvalidate`) refers to: parameters, parts of its result,
// fields of its object.
import type TS from 'typescript';
import type { ValuePath } from '../../../1-scan/writer.ts';
import type { ValueAnswer } from '../../../3-plan/writer-types.ts';
import { suggest } from '../../../diagnostics/suggest.ts';
import { boundNames } from '../types/find-function.ts';
import type { CheckContext } from '../types/origin.ts';

type Fn = TS.SignatureDeclaration;

/** The type of `this` in a function; undefined: it belongs to no class or object, and declares no `this`. */
export function thisType({ ts, checker }: CheckContext, fn: Fn): TS.Type | undefined {
  let node: TS.Node = fn;
  while (ts.isArrowFunction(node)) {
    node = node.parent;
    while (!ts.isFunctionLike(node) && !ts.isPropertyDeclaration(node) && !ts.isSourceFile(node))
      node = node.parent;
  }
  if (ts.isFunctionLike(node)) {
    const own = node.parameters.find((param) => ts.isIdentifier(param.name) && param.name.text === 'this');
    if (own !== undefined) return checker.getTypeAtLocation(own);
  }
  const owner = node.parent;
  if (owner === undefined || !(ts.isClassElement(node) || ts.isObjectLiteralElementLike(node)))
    return undefined;
  if (ts.isObjectLiteralExpression(owner)) return checker.getTypeAtLocation(owner);
  if (!ts.isClassLike(owner)) return undefined;
  const isStatic = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static) !== 0;
  const symbol = owner.name === undefined ? undefined : checker.getSymbolAtLocation(owner.name);
  if (isStatic) return symbol === undefined ? undefined : checker.getTypeOfSymbolAtLocation(symbol, owner);
  return checker.getTypeAtLocation(owner);
}

type PathType = { readonly ok: true; readonly type: TS.Type } | Extract<ValueAnswer, { readonly ok: false }>;

/** The type at the end of a path. Like with `?.`, a step on null or undefined gives undefined. */
export function typeOfPath(
  context: CheckContext,
  fn: Fn,
  { from, root, steps }: Pick<ValuePath, 'from' | 'root' | 'steps'>,
): PathType {
  const { ts, checker } = context;
  const first = rootType(context, fn, from, root);
  if (first === undefined) {
    const names = from === 'parameter' ? boundNames(ts, fn).map(({ name }) => name) : [];
    const near = suggest(root, names);
    return { ok: false, suggestion: near === undefined ? undefined : [near, ...steps].join('.') };
  }
  let type = first;
  let isNullable = false;
  for (const [index, step] of steps.entries()) {
    if ((type.flags & ts.TypeFlags.Any) !== 0) return { ok: true, type };
    const solid = checker.getNonNullableType(type);
    isNullable ||= solid !== type;
    const property = checker.getPropertyOfType(solid, step);
    if (property === undefined) {
      const near = suggest(
        step,
        checker.getPropertiesOfType(solid).map((one) => one.name),
      );
      const before = [root.replace(/^\$/, ''), ...steps.slice(0, index)].join('.');
      const suggestion = near === undefined ? undefined : `${before}.${near}`;
      return { ok: false, suggestion, missing: { owner: before, step } };
    }
    type = checker.getTypeOfSymbolAtLocation(property, fn);
  }
  return { ok: true, type: isNullable ? checker.getNullableType(type, ts.TypeFlags.Undefined) : type };
}

function rootType(context: CheckContext, fn: Fn, from: ValuePath['from'], root: string): TS.Type | undefined {
  const { ts, checker } = context;
  if (from === 'this') return thisType(context, fn);
  if (from === 'result') {
    const signature = checker.getSignatureFromDeclaration(fn);
    const result = signature === undefined ? undefined : checker.getReturnTypeOfSignature(signature);
    return result === undefined ? undefined : (checker.getAwaitedType(result) ?? result);
  }
  const bound = boundNames(ts, fn).find(({ name }) => name === root);
  return bound === undefined ? undefined : checker.getTypeAtLocation(bound.node);
}

/** The type at the end of a path, and whether it is a scalar that can become text. */
export function valueAnswer(
  context: CheckContext,
  fn: Fn,
  path: Pick<ValuePath, 'from' | 'root' | 'steps'>,
): ValueAnswer {
  const { ts, checker } = context;
  const found = typeOfPath(context, fn, path);
  if (!found.ok) return found;
  const { type } = found;
  const solid = checker.getNonNullableType(type);
  const scalar =
    ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike | ts.TypeFlags.BooleanLike;
  const isScalar = (one: TS.Type): boolean => {
    const base = checker.getBaseConstraintOfType(one) ?? one;
    if (base.isUnion()) return base.types.every(isScalar);
    // A branded string is an intersection with `string`.
    return base.isIntersection() ? base.types.some(isScalar) : (base.flags & scalar) !== 0;
  };
  return {
    ok: true,
    text: checker.typeToString(type),
    isScalar: isScalar(solid),
    isNullable: solid !== type,
  };
}
