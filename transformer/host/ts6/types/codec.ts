// Finds the codec of a class, the type of its data, and how emitted code can reach it.
import type ts from 'typescript';
import type { TypeFacts } from '../../../2-shape/type-reader.ts';
import type { ClassReach } from '../../../2-shape/type-shape.ts';
import { isOwnDeclaration } from './brand.ts';
import { findDefinition } from './codec-modules.ts';
import { type FoundCodec, idIn } from './codec-parts.ts';
import type { CheckContext } from './origin.ts';
import { resolvedSymbol } from './origin.ts';

/** The facts about a class with a codec, without what type-reader.ts adds to all facts. */
export type CodecFacts = Omit<Extract<TypeFacts, { kind: 'class' }>, 'files' | 'text'>;

/** Undefined: not a class, or a class without a codec. */
export function codecFacts(context: CheckContext, type: ts.Type): CodecFacts | undefined {
  const { symbol } = type;
  const { ClassOrInterface, Reference } = context.ts.ObjectFlags;
  // `typeof Money` has the same symbol, but is the type of the constructor.
  const flags = (type as ts.ObjectType).objectFlags; // type.flags & Object
  if (symbol === undefined || (flags & (ClassOrInterface | Reference)) === 0) return undefined;
  const own = ownCodec(context, symbol);
  if (own !== undefined) {
    const { reach, why } = reachOf(context, symbol);
    return withWire(context, symbol, own, reach, why);
  }
  const definition = findDefinition(context, symbol);
  return definition === undefined
    ? undefined
    : withWire(context, symbol, definition, definition.reach, undefined);
}

/** The facts, with the type that `encode` returns as the type of the data. */
function withWire(
  { checker }: CheckContext,
  symbol: ts.Symbol,
  { id, type }: FoundCodec,
  reach: ClassReach | undefined,
  why: string | undefined,
): CodecFacts | undefined {
  const encode = checker.getPropertyOfType(type, 'encode');
  const signature = encode === undefined ? undefined : checker.getTypeOfSymbol(encode).getCallSignatures()[0];
  if (signature === undefined) return undefined;
  const wire = checker.getReturnTypeOfSignature(signature);
  return { kind: 'class', name: symbol.name, id, wire, reach, ...(why !== undefined && { why }) };
}

/**
 * `static readonly [codec]` of exactly this class. An inherited codec does not count: it creates instances of the base
 * class.
 */
function ownCodec(context: CheckContext, symbol: ts.Symbol): FoundCodec | undefined {
  const { ts, checker } = context;
  const declaration = symbol.declarations?.find((node) => ts.isClassLike(node));
  // By syntax, as the type of a library class's static side can be large.
  const member = declaration?.members.find(
    (one) => ts.isPropertyDeclaration(one) && isCodecMember(context, one),
  );
  if (member === undefined || !ts.isPropertyDeclaration(member)) return undefined;
  return { id: idIn(context, member.initializer), type: checker.getTypeAtLocation(member) };
}

function isCodecMember(context: CheckContext, { name, modifiers }: ts.PropertyDeclaration): boolean {
  const { ts, checker } = context;
  if (!ts.isComputedPropertyName(name)) return false;
  if (modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword) !== true) return false;
  const unique = checker.getTypeAtLocation(name.expression).symbol;
  const [declaration] = unique?.declarations ?? [];
  return unique?.name === 'codec' && declaration !== undefined && isOwnDeclaration(context, declaration);
}

interface Reached {
  readonly reach: ClassReach | undefined;
  /** Why emitted code cannot reach the class. */
  readonly why: string | undefined;
}

/** How emitted code reaches the class: by its name in the same file, or by an import like one that the file has. */
function reachOf(context: CheckContext, symbol: ts.Symbol): Reached {
  const { ts, file } = context;
  const declaration = symbol.declarations?.find((node) => ts.isClassLike(node));
  if (declaration !== undefined && file !== undefined && declaration.getSourceFile() === file) {
    const { name, parent } = declaration;
    if (name !== undefined && ts.isClassDeclaration(declaration) && ts.isSourceFile(parent))
      return { reach: { kind: 'local', name: name.text }, why: undefined };
    return { reach: undefined, why: 'it is declared inside something, where emitted code cannot get at it' };
  }
  let isTypeOnly = false;
  for (const statement of file?.statements ?? []) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const found = exportIn(context, statement, symbol);
    if (found === undefined) continue;
    if (found.typeOnly) isTypeOnly = true;
    else
      return {
        reach: { kind: 'module', from: statement.moduleSpecifier.text, name: found.name },
        why: undefined,
      };
  }
  const why = isTypeOnly
    ? 'this file imports it as a type only, so emitted code cannot get at its codec'
    : 'this file does not import it, so emitted code cannot get at its codec';
  return { reach: undefined, why };
}

/** The name under which the module of an import exports the class, if the import has it; else undefined. */
function exportIn(
  context: CheckContext,
  { importClause }: ts.ImportDeclaration,
  symbol: ts.Symbol,
): { readonly name: string; readonly typeOnly: boolean } | undefined {
  const { ts, checker } = context;
  if (importClause === undefined) return undefined;
  const isIt = (name: ts.Identifier): boolean =>
    resolvedSymbol(context, checker.getSymbolAtLocation(name)) === symbol;
  const clauseOnly = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (importClause.name !== undefined && isIt(importClause.name))
    return { name: 'default', typeOnly: clauseOnly };
  const bindings = importClause.namedBindings;
  if (bindings === undefined) return undefined;
  if (ts.isNamespaceImport(bindings)) {
    const module = resolvedSymbol(context, checker.getSymbolAtLocation(bindings.name));
    const exported = module === undefined ? [] : checker.getExportsOfModule(module);
    const found = exported.find((one) => resolvedSymbol(context, one) === symbol);
    return found === undefined ? undefined : { name: found.name, typeOnly: clauseOnly };
  }
  const found = bindings.elements.find((element) => isIt(element.name));
  if (found === undefined) return undefined;
  return { name: (found.propertyName ?? found.name).text, typeOnly: clauseOnly || found.isTypeOnly };
}
