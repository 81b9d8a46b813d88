// Finds class instances that are returned where the declared result is plain data:
// `(): Promise<{ id: number }> => new Point(1)` type-checks, but a hit would not be a Point. The runtime returns such a
// value and does not store it; the build reports it.
import type ts from 'typescript';
import { knownType } from '../../../2-shape/known-types.ts';
import { propertyPath } from '../../../2-shape/places-of.ts';
import type { ReturnedInstance } from '../../../2-shape/returned-instance.ts';
import { type Answer, ELEMENT } from './answers.ts';
import { isClaim } from './claims.ts';
import { builtInName, isClassInstance } from './describe-type.ts';
import { isPrimitiveLiteral, madeClass } from './made-class.ts';
import type { CheckContext } from './origin.ts';

/** Levels of a returned value that are compared. */
const MAX_DEPTH = 8;
/** Findings reported for one function: more of the same would not help. */
const MAX_FOUND = 3;

/** In source order; each pair of place and class once. `declared`: the awaited results, one per overload. */
export function returnedInstances(
  context: CheckContext,
  answers: readonly Answer[],
  declared: readonly ts.Type[],
): readonly ReturnedInstance[] {
  const found = new Map<string, ReturnedInstance>();
  for (const { node, steps, isChecked } of answers) {
    if (context.ts.isObjectLiteralExpression(node) || context.ts.isArrayLiteralExpression(node)) continue;
    if (isPrimitiveLiteral(context, node)) continue;
    const at = declaredAt(context, declared, steps);
    // An instance at such a place would be an error of TypeScript itself.
    if (isChecked && at.every((part) => isPrimitive(context, part))) continue;
    if (isMadeAsDeclared(context, node, at)) continue;
    const actual = context.checker.getTypeAtLocation(node);
    const others = compare(context, { actual, declared: at, path: pathText(steps) });
    // Asked last: it is expensive, and most answers contain no instance.
    if (others.length === 0 || isClaim(context, node)) continue;
    const range = { start: node.getStart(), end: node.end };
    for (const one of others)
      if (!found.has(`${one.path} ${one.type}`)) found.set(`${one.path} ${one.type}`, { ...one, range });
  }
  return [...found.values()].toSorted((a, b) => a.range.start - b.range.start).slice(0, MAX_FOUND);
}

function isPrimitive({ ts }: CheckContext, { flags }: ts.Type): boolean {
  const { StringLike, NumberLike, BigIntLike, BooleanLike, Null, Undefined } = ts.TypeFlags;
  return (flags & (StringLike | NumberLike | BigIntLike | BooleanLike | Null | Undefined)) !== 0;
}

/** Whether syntax alone shows that the value is an instance of a declared class: saves the checker's inference. */
function isMadeAsDeclared(context: CheckContext, node: ts.Expression, declared: readonly ts.Type[]): boolean {
  const name = madeClass(context, node);
  const kind = name === undefined ? undefined : kindOfBuiltIn(name);
  return kind !== undefined && declared.some((part) => covers(instanceKind(context, part), kind));
}

/** A place in the result as text for messages: `.list[]`. */
export function pathText(steps: readonly string[]): string {
  return steps.map((step) => (step === ELEMENT ? step : propertyPath(step))).join('');
}

/** The members of the declared union type at a place in the result; none: nothing is declared there. */
export function declaredAt(
  context: CheckContext,
  declared: readonly ts.Type[],
  steps: readonly string[],
): readonly ts.Type[] {
  return steps.reduce((types, step) => stepInto(context, types, step), partsOf(declared));
}

interface Pair {
  readonly actual: ts.Type;
  /** See `declaredAt`. */
  readonly declared: readonly ts.Type[];
  readonly path: string;
}

type Found = Omit<ReturnedInstance, 'range'>;

/** The instances in `actual` for which the declared type has no class or built-in. */
function compare(context: CheckContext, pair: Pair, depth = 0): readonly Found[] {
  const { ts, checker } = context;
  const actual = checker.getAwaitedType(pair.actual) ?? pair.actual;
  if (depth > MAX_DEPTH || pair.declared.length === 0 || pair.declared.includes(actual)) return [];
  if (actual.isUnion())
    return actual.types.flatMap((part) => compare(context, { ...pair, actual: part }, depth));
  if ((actual.flags & ts.TypeFlags.Object) === 0) return [];
  const inside = (step: string, type: ts.Type): readonly Found[] => {
    const path = pair.path + (step === ELEMENT ? step : propertyPath(step));
    return compare(
      context,
      { actual: type, declared: stepInto(context, pair.declared, step), path },
      depth + 1,
    );
  };
  const element = elementOf(context, actual);
  if (element !== undefined) return inside(ELEMENT, element);
  const kind = instanceKind(context, actual);
  if (kind !== undefined) {
    const isDeclared = pair.declared.some((part) => covers(instanceKind(context, part), kind));
    return isDeclared ? [] : [{ path: pair.path, type: nameOf(actual, kind) }];
  }
  if (actual.getCallSignatures().length > 0) return [];
  return checker
    .getPropertiesOfType(actual)
    .flatMap((symbol) => inside(symbol.name, checker.getTypeOfSymbol(symbol)));
}

/** `class`, or the kind of a built-in; undefined: plain data, or a built-in that is not created with `new`. */
function instanceKind(context: CheckContext, type: ts.Type): string | undefined {
  if ((type.flags & context.ts.TypeFlags.Object) === 0) return undefined;
  const name = builtInName(context, type);
  if (name === undefined) return isClassInstance(context, type) ? 'class' : undefined;
  return kindOfBuiltIn(name);
}

function kindOfBuiltIn(name: string): string | undefined {
  const known = knownType(name);
  if (known.kind === 'bytes' || known.kind === 'text') return known.type;
  if (known.kind !== 'unsupported') return known.kind;
  return NOT_PLAIN.has(known.reason) ? name : undefined;
}

/** Reasons of unsupported built-ins that are instances, and not data. */
const NOT_PLAIN: ReadonlySet<string> = new Set(['error', 'http', 'stream', 'weak']);

/**
 * Whether the declared kind allows the actual one. A declared class allows all: it has a codec, or is reported anyway.
 */
function covers(declared: string | undefined, actual: string): boolean {
  return declared === 'class' || declared === actual;
}

function nameOf(type: ts.Type, kind: string): string {
  return kind === 'class'
    ? (type.symbol?.name ?? 'without a name')
    : kind === 'map'
      ? 'Map'
      : kind === 'set'
        ? 'Set'
        : kind === 'date'
          ? 'Date'
          : kind;
}

function partsOf(types: readonly ts.Type[]): readonly ts.Type[] {
  return types.flatMap((type) => (type.isUnion() ? type.types : [type]));
}

function stepInto(context: CheckContext, types: readonly ts.Type[], step: string): readonly ts.Type[] {
  const { ts, checker } = context;
  return partsOf(
    types.flatMap((type): readonly ts.Type[] => {
      // The parts of an `unknown` are unknown as well.
      if ((type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) return [type];
      if (step === ELEMENT) return [elementOf(context, type) ?? []].flat();
      const symbol = checker.getPropertyOfType(type, step);
      if (symbol !== undefined) return [checker.getTypeOfSymbol(symbol)];
      return [checker.getIndexTypeOfType(type, ts.IndexKind.String) ?? []].flat();
    }),
  );
}

/** The type of the elements of an array or tuple; undefined for other types. */
function elementOf({ ts, checker }: CheckContext, type: ts.Type): ts.Type | undefined {
  return checker.isArrayType(type) || checker.isTupleType(type)
    ? checker.getIndexTypeOfType(type, ts.IndexKind.Number)
    : undefined;
}
