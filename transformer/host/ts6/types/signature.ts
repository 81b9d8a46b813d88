// Reads the parameters and the results of a function with the type checker: overloads united, results awaited.
import type ts from 'typescript';
import type { Target } from '../../../1-scan/marker.ts';
import { knownType } from '../../../2-shape/known-types.ts';
import type { SignatureFacts, TypeHandle } from '../../../2-shape/type-reader.ts';
import { readEffects } from '../effects/read-effects.ts';
import { answersOf } from './answers.ts';
import { assertedAnswers } from './assertions.ts';
import { builtInName } from './describe-type.ts';
import { type BoundName, boundNames, captureTypes } from './find-function.ts';
import type { CheckContext, TypeScript } from './origin.ts';
import { findOverrides } from './overrides.ts';
import { returnedInstances } from './returned-instances.ts';
import { readonlyFields, selfType } from './self-type.ts';
import { typeFiles } from './type-files.ts';

/** Creates handles for which the checker has no type. */
export interface Handles {
  readonly unite: (types: readonly TypeHandle[]) => TypeHandle;
  readonly arrayOf: (element: TypeHandle) => TypeHandle;
}

/** @throws when a parameter of the target is not in the program. */
export function signatureFacts(
  context: CheckContext,
  node: ts.SignatureDeclaration,
  { target, selfPath }: { readonly target: Target; readonly selfPath: readonly string[] | undefined },
  handles: Handles,
): SignatureFacts {
  const overloads = overloadsOf(context, node);
  const signatures = overloads.map((declaration) => signatureOf(context, declaration));
  const results = signatures.map((signature) => resultOf(context, node, signature));
  const bound = new Map(boundNames(context.ts, node).map((name) => [name.name, name]));
  const { overridden, files } = findOverrides(context, node, target);
  const isOverloaded = overloads.length > 1 || overloads[0] !== node;
  const thisFields = readonlyFields(context, node, target);
  const effects = readEffects(context, node);
  const declared = results.map((result) => result.awaited);
  const answers = answersOf(context, node, !isOverloaded && node.type !== undefined);
  const instances = returnedInstances(context, answers, declared);
  const asserted = assertedAnswers(context, answers, declared);
  return {
    bound: target.params
      .flatMap((param) => param.names)
      .map((name) => {
        const found = bound.get(name);
        if (found === undefined)
          throw new Error(`Parameter '${name}' of '${target.name}' is not in the program`);
        return boundFacts(context, found, isOverloaded ? signatures : [], handles);
      }),
    captures: captureTypes(context, node, target).map(({ name, type }) => ({
      name,
      type: type ?? context.checker.getAnyType(),
    })),
    results: results.map((result) => result.awaited),
    returnsPromise: (target.async && !target.generator) || results.some((result) => result.promise),
    predicate: overloads.some(({ type }) => type !== undefined && context.ts.isTypePredicateNode(type)),
    ...(overridden.length > 0 && { overridden }),
    ...(thisFields.length > 0 && { thisFields }),
    ...(selfPath !== undefined && { self: selfType(context, node, selfPath) }),
    ...(effects.length > 0 && { effects }),
    ...(instances.length > 0 && { instances }),
    ...(asserted.length > 0 && { asserted }),
    ...promiseFacts(results),
    files: [...typeFiles(context, [...new Set([...overloads, node])]), ...files],
  };
}

function promiseFacts(results: readonly Result[]): Pick<SignatureFacts, 'mixed' | 'thenable'> {
  const thenable = results.find((result) => result.thenable !== undefined)?.thenable;
  return {
    ...(isMixed(results) && { mixed: true }),
    ...(thenable !== undefined && { thenable }),
  };
}

/** Whether a call can return a promise or a value: by the type of one signature, or because overloads differ. */
function isMixed(results: readonly Result[]): boolean {
  const promises = results.filter((result) => result.promise);
  return results.some((result) => result.mixed) || (promises.length > 0 && promises.length < results.length);
}

/** The signatures that callers see: the overloads without a body, or the function itself if there are none. */
function overloadsOf(
  { ts, checker }: CheckContext,
  node: ts.SignatureDeclaration,
): readonly ts.SignatureDeclaration[] {
  if (!ts.isFunctionDeclaration(node) && !ts.isMethodDeclaration(node)) return [node];
  const symbol = node.name === undefined ? undefined : checker.getSymbolAtLocation(node.name);
  const others = (symbol?.declarations ?? []).filter(
    (declaration): declaration is ts.FunctionDeclaration | ts.MethodDeclaration =>
      (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) &&
      declaration.body === undefined &&
      declaration.parent === node.parent,
  );
  return others.length > 0 ? others : [node];
}

function signatureOf({ checker }: CheckContext, node: ts.SignatureDeclaration): ts.Signature {
  const signature = checker.getSignatureFromDeclaration(node);
  if (signature === undefined) throw new Error('The checker knows no signature of this function');
  return signature;
}

interface Result {
  readonly awaited: ts.Type;
  /** Whether the result can be a promise. */
  readonly promise: boolean;
  /** Whether the result can be a promise and can be a value. */
  readonly mixed: boolean;
  readonly thenable: string | undefined;
}

/** The awaited result of calling a function value; undefined: the node is not a function. */
export function functionResult(
  context: CheckContext,
  node: ts.Node,
): { readonly type: TypeHandle; readonly promise: boolean } | undefined {
  const [signature] = context.checker.getTypeAtLocation(node).getCallSignatures();
  if (signature === undefined) return undefined;
  const { awaited: type, promise } = awaited(context, context.checker.getReturnTypeOfSignature(signature));
  return { type, promise };
}

function resultOf(context: CheckContext, node: ts.SignatureDeclaration, signature: ts.Signature): Result {
  const { ts, checker } = context;
  const result = awaited(context, checker.getReturnTypeOfSignature(signature));
  const isVague = isVagueType(ts, result.awaited);
  if (!isVague || node.type !== undefined || !(ts.isArrowFunction(node) || ts.isFunctionExpression(node)))
    return result;
  // `const load: (id: number) => Promise<User> = async (id) => JSON.parse(…)`: what was declared counts.
  const expected = checker.getContextualType(node)?.getCallSignatures() ?? [];
  const [only] = expected;
  return only === undefined || expected.length > 1 || only.typeParameters !== undefined
    ? result
    : awaited(context, checker.getReturnTypeOfSignature(only));
}

const isVagueType = (ts: TypeScript, type: ts.Type): boolean =>
  (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;

function awaited(context: CheckContext, type: ts.Type): Result {
  const { checker } = context;
  const parts = type.isUnion() ? type.types : [type];
  const thenables = parts.filter((part) => isThenable(context, part));
  const own = thenables.find((part) => builtInName(context, part) === undefined);
  return {
    awaited: checker.getAwaitedType(type) ?? type,
    promise: thenables.length > 0,
    mixed: thenables.length > 0 && thenables.length < parts.length,
    thenable: own && checker.typeToString(own),
  };
}

function isThenable(context: CheckContext, type: ts.Type): boolean {
  const { ts, checker } = context;
  if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0) return false;
  const builtIn = builtInName(context, type);
  if (builtIn !== undefined) return isPromiseName(builtIn);
  const then = checker.getPropertyOfType(type, 'then');
  return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
}

function isPromiseName(name: string): boolean {
  const known = knownType(name);
  return known.kind === 'unsupported' && known.reason === 'promise';
}

function boundFacts(
  context: CheckContext,
  bound: BoundName,
  signatures: readonly ts.Signature[],
  handles: Handles,
): SignatureFacts['bound'][number] {
  const { ts, checker } = context;
  const { param, name } = bound;
  const own = checker.getTypeAtLocation(bound.node);
  const rest = bound.plain && param.dotDotDotToken !== undefined;
  const facts = {
    name,
    optional: bound.plain && param.questionToken !== undefined,
    rest,
    type: own,
  };
  if (signatures.length === 0 || !bound.plain) return facts;
  const vague = rest ? checker.getIndexTypeOfType(own, ts.IndexKind.Number) : own;
  if (vague === undefined || !isVagueType(ts, vague)) return facts;
  const seen = signatures.flatMap((signature) =>
    rest ? typesFrom(context, signature, bound.index) : [typeAt(context, signature, bound.index)],
  );
  if (seen.length === 0) return facts;
  return { ...facts, type: rest ? handles.arrayOf(handles.unite(seen)) : handles.unite(seen) };
}

/** The type of the parameter at `index` of an overload; the type `undefined` when it has none. */
function typeAt(context: CheckContext, signature: ts.Signature, index: number): ts.Type {
  return typesFrom(context, signature, index)[0] ?? context.checker.getUndefinedType();
}

/** The types of the parameters from `index` on; for a rest parameter, the type of its elements. */
function typesFrom(
  { ts, checker }: CheckContext,
  signature: ts.Signature,
  index: number,
): readonly ts.Type[] {
  const last = signature.parameters.length - 1;
  return signature.parameters.slice(Math.min(index, Math.max(last, 0))).flatMap((symbol, offset) => {
    const position = Math.min(index, Math.max(last, 0)) + offset;
    const node = symbol.valueDeclaration;
    const type = checker.getTypeOfSymbol(symbol);
    if (node !== undefined && ts.isParameter(node) && node.dotDotDotToken !== undefined)
      return checker.getIndexTypeOfType(type, ts.IndexKind.Number) ?? type;
    return position < index ? [] : [type];
  });
}
