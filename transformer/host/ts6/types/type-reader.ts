// The TypeReader for TypeScript 6. Handles are types of the checker, except for a few that it has no type for.
import type ts from 'typescript';
import type { Range } from '../../../1-scan/marker.ts';
import type { SignatureFacts, TypeFacts, TypeHandle, TypeReader } from '../../../2-shape/type-reader.ts';
import type { BuildTypes } from '../../../build-types.ts';
import { codeTokens } from '../code/code-tokens.ts';
import { type Core, describeType } from './describe-type.ts';
import { findExpression, findFunction } from './find-function.ts';
import { namedMarks } from './named-types.ts';
import { type CheckContext, contextOf, type TypeScript } from './origin.ts';
import { functionResult, type Handles, signatureFacts } from './signature.ts';

/** A handle for which the checker has no type: what the overloads of a function accept together. */
interface Made {
  readonly core: Core;
  readonly parts: readonly TypeHandle[];
}

/**
 * Reads the types of `sourceFile`, a file of `program`. It holds on to the types of the program: drop both together.
 */
export function createTypeReader(
  ts: TypeScript,
  program: ts.Program,
  checker: ts.TypeChecker,
  sourceFile: ts.SourceFile,
  build?: BuildTypes,
): TypeReader {
  const context = {
    ...contextOf(ts, program, checker),
    file: sourceFile,
    ...(build !== undefined && { build }),
  };
  const made = new WeakMap<TypeHandle, Made>();
  const facts = new WeakMap<TypeHandle, TypeFacts>();
  const identities = new Map<TypeHandle, string>();
  const find = (range: Range) => findFunction(ts, sourceFile, range);
  const make = (core: Core, parts: readonly TypeHandle[]): TypeHandle => {
    const handle = {};
    made.set(handle, { core, parts });
    return handle;
  };
  const handles: Handles = {
    unite(types) {
      const [first, ...others] = [...new Set(types)];
      return first !== undefined && others.length === 0 ? first : make({ kind: 'union', arms: types }, types);
    },
    arrayOf: (element) => make({ kind: 'array', element, readonly: false }, [element]),
  };

  const identity = (type: TypeHandle): string => {
    const known = identities.get(type);
    if (known !== undefined) return known;
    const id = String(identities.size);
    identities.set(type, id);
    return id;
  };
  const describe = (handle: TypeHandle): TypeFacts => {
    const known = facts.get(handle);
    if (known !== undefined) return known;
    const built = made.get(handle);
    const answer =
      built === undefined
        ? factsOfType(context, handle as ts.Type, handles.unite) // handles that were not made here are types
        : { ...built.core, files: [], text: built.parts.map((part) => describe(part).text).join(' | ') };
    facts.set(handle, answer as TypeFacts); // Core and what all have in common
    return answer as TypeFacts; // as above
  };
  return {
    signature: (target, selfPath): SignatureFacts =>
      signatureFacts(context, find(target.node), { target, selfPath }, handles),
    functionResult: (range) => functionResult(context, findExpression(ts, sourceFile, range)),
    describe,
    identity,
    codeTokens: (target) => codeTokens(ts, program, checker, find(target.node)),
    expressionTokens: (range) => codeTokens(ts, program, checker, findExpression(ts, sourceFile, range)),
  };
}

function factsOfType(context: CheckContext, type: ts.Type, unite: Handles['unite']): object {
  const { checker, typeTexts } = context;
  return {
    ...namedMarks(context, type),
    ...describeType(context, type, unite),
    files: declaringFiles(context, type),
    // Printed on demand and once, as few messages need it.
    get text(): string {
      const text = typeTexts.get(type) ?? checker.typeToString(type);
      typeTexts.set(type, text);
      return text;
    },
  };
}

function declaringFiles({ origins }: CheckContext, type: ts.Type): readonly string[] {
  const files = new Set<string>();
  for (const symbol of [type.symbol, type.aliasSymbol])
    for (const node of symbol?.declarations ?? [])
      if (!origins.isPlatform(node)) files.add(node.getSourceFile().fileName);
  return [...files];
}
