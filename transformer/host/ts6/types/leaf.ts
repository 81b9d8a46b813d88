// Describes types without parts: keywords, primitives, literals, type parameters.
import type ts from 'typescript';
import type { Core } from './describe-type.ts';
import type { CheckContext } from './origin.ts';

/** Undefined: the type has parts. */
export function describeLeaf(context: CheckContext, type: ts.Type): Core | undefined {
  return keyword(context, type) ?? scalar(context, type) ?? parameter(context, type);
}

/** Internal in TypeScript 6: the checker's name of an intrinsic type; `error` for one that it could not resolve. */
function intrinsicName(type: ts.Type): string | undefined {
  return (type as { readonly intrinsicName?: string }).intrinsicName;
}

function keyword({ ts }: CheckContext, type: ts.Type): Core | undefined {
  const { TypeFlags } = ts;
  if ((type.flags & TypeFlags.Any) !== 0)
    return { kind: 'keyword', name: intrinsicName(type) === 'error' ? 'error' : 'any' };
  const names = [
    [TypeFlags.Unknown, 'unknown'],
    [TypeFlags.Never, 'never'],
    [TypeFlags.Void, 'void'],
    [TypeFlags.NonPrimitive, 'object'],
    [TypeFlags.ESSymbolLike, 'symbol'],
  ] as const;
  const found = names.find(([flag]) => (type.flags & flag) !== 0);
  return found === undefined ? undefined : { kind: 'keyword', name: found[1] };
}

function scalar({ ts, checker }: CheckContext, type: ts.Type): Core | undefined {
  const { TypeFlags } = ts;
  if ((type.flags & TypeFlags.BooleanLiteral) !== 0)
    return { kind: 'literal', value: intrinsicName(type) === 'true' };
  if (type.isStringLiteral()) return { kind: 'literal', value: type.value };
  if (type.isNumberLiteral())
    return Number.isFinite(type.value)
      ? { kind: 'literal', value: type.value }
      : { kind: 'primitive', name: 'number' };
  if ((type.flags & TypeFlags.BigIntLiteral) !== 0) {
    const { negative, base10Value } = (type as ts.BigIntLiteralType).value; // by its flag
    return { kind: 'literal', value: { bigint: `${negative ? '-' : ''}${base10Value}` } };
  }
  // A value of type `user-${number}` is stored as a string; the text of the type is part of the shape.
  if ((type.flags & (TypeFlags.TemplateLiteral | TypeFlags.StringMapping)) !== 0)
    return { kind: 'primitive', name: 'string', brand: checker.typeToString(type) };
  const names = [
    [TypeFlags.String, 'string'],
    [TypeFlags.Number | TypeFlags.Enum, 'number'],
    [TypeFlags.BigInt, 'bigint'],
    [TypeFlags.Null, 'null'],
    [TypeFlags.Undefined, 'undefined'],
  ] as const;
  const found = names.find(([flag]) => (type.flags & flag) !== 0);
  return found === undefined ? undefined : { kind: 'primitive', name: found[1] };
}

function parameter({ ts, checker }: CheckContext, type: ts.Type): Core | undefined {
  if (!type.isTypeParameter()) return undefined;
  // Internal in TypeScript 6: marks the type parameter that stands for `this`.
  if ((type as { readonly isThisType?: boolean }).isThisType === true)
    return { kind: 'keyword', name: 'this' };
  const constraint = checker.getBaseConstraintOfType(type);
  const open = constraint === undefined || (constraint.flags & ts.TypeFlags.Unknown) !== 0;
  return { kind: 'type-parameter', name: type.symbol.name, constraint: open ? undefined : constraint };
}
