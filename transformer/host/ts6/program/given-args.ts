// Checks whether a function could be called with values of given types, by assignability to each of its overloads.
import type TS from 'typescript';
import type { CheckContext } from '../types/origin.ts';

/** An argument that a writer gives to a cached function. */
export interface GivenArg {
  /** As written in the source. */
  readonly text: string;
  readonly type: TS.Type;
}

/**
 * Expected and given arguments for the message, as lists in parentheses. Undefined: one of the signatures accepts them,
 * or there is none. `at`: the place for types that depend on one.
 */
export function mismatchOf(
  context: CheckContext,
  fn: TS.Type,
  args: readonly GivenArg[],
  at: TS.Node,
): { readonly expected: string; readonly got: string } | undefined {
  const { checker } = context;
  const signatures = fn.getCallSignatures();
  if (signatures.length === 0 || signatures.some((one) => accepts(context, one, args, at))) return undefined;
  const expected = signatures.map((one) => printParams(context, one, at)).join(' or ');
  const given = args.map(({ text, type }) => {
    const name = checker.typeToString(type);
    return name === text ? text : `${text}: ${name}`;
  });
  return { expected, got: `(${given.join(', ')})` };
}

interface Param {
  readonly name: string;
  readonly type: TS.Type;
  readonly isOptional: boolean;
  readonly isRest: boolean;
}

function paramsOf({ ts, checker }: CheckContext, signature: TS.Signature, at: TS.Node): readonly Param[] {
  return signature.parameters.map((symbol) => {
    const node = symbol.valueDeclaration;
    const param = node !== undefined && ts.isParameter(node) ? node : undefined;
    return {
      name: symbol.name,
      type: checker.getTypeOfSymbolAtLocation(symbol, at),
      isOptional: param !== undefined && checker.isOptionalParameter(param),
      isRest: param?.dotDotDotToken !== undefined,
    };
  });
}

function accepts(
  context: CheckContext,
  signature: TS.Signature,
  args: readonly GivenArg[],
  at: TS.Node,
): boolean {
  const { ts, checker } = context;
  const params = paramsOf(context, signature, at);
  const isGeneric = (signature.typeParameters ?? []).length > 0;
  const rest = params.find((param) => param.isRest);
  const needed = params.filter((param) => !param.isOptional && !param.isRest).length;
  if (args.length < needed || (rest === undefined && args.length > params.length)) return false;
  return args.every(({ type }, index) => {
    const param = params[index] ?? rest;
    if (param === undefined) return false;
    const own = param.isRest ? checker.getIndexTypeOfType(param.type, ts.IndexKind.Number) : param.type;
    // The rest parameter of a generic function can be a tuple whose element types are not known before the call.
    if (own === undefined) return true;
    const wanted = param.isOptional ? checker.getNullableType(own, ts.TypeFlags.Undefined) : own;
    if (checker.isTypeAssignableTo(type, wanted)) return true;
    if (!isGeneric) return false;
    const base = checker.getBaseConstraintOfType(own);
    return base === undefined || base === own || checker.isTypeAssignableTo(type, base);
  });
}

function printParams(context: CheckContext, signature: TS.Signature, at: TS.Node): string {
  const { checker } = context;
  const params = paramsOf(context, signature, at).map(
    ({ name, type, isOptional, isRest }) =>
      `${isRest ? '...' : ''}${name}${isOptional ? '?' : ''}: ${checker.typeToString(isOptional ? checker.getNonNullableType(type) : type)}`,
  );
  return `(${params.join(', ')})`;
}
