// One type of TypeScript → TypeFacts. Parts of the type stay handles, and members of built-ins are never resolved.
import type ts from 'typescript';
import { isListedBuiltIn, knownType } from '../../../2-shape/known-types.ts';
import type { TypeFacts, TypeHandle } from '../../../2-shape/type-reader.ts';
import { arrowTableFacts } from './arrow-table.ts';
import { brandsBuiltIn, brandsObject, brandsPrimitive } from './brand-forms.ts';
import { type Marks, marksOfBrands } from './brand.ts';
import { codecFacts } from './codec.ts';
import { describeLeaf } from './leaf.ts';
import { objectFacts } from './object-facts.ts';
import type { CheckContext } from './origin.ts';

/** The facts about a type, without what type-reader.ts adds to all facts. */
export type Core = Marks &
  (TypeFacts extends infer F
    ? F extends TypeFacts
      ? Omit<F, 'files' | 'text' | keyof Marks>
      : never
    : never);

type Unite = (types: readonly ts.Type[]) => TypeHandle;

/** Describes `type`. `unite` creates one handle for several types. */
export function describeType(context: CheckContext, type: ts.Type, unite: Unite): Core {
  const { TypeFlags } = context.ts;
  const has = (flag: ts.TypeFlags): boolean => (type.flags & flag) !== 0;
  // To the checker, boolean is a union.
  if (has(TypeFlags.Boolean)) return { kind: 'primitive', name: 'boolean' };
  if (type.isUnion()) return { kind: 'union', arms: type.types };
  if (type.isIntersection()) return intersection(context, type, unite);
  if (has(TypeFlags.Object)) return describeObject(context, type, unite);
  return describeLeaf(context, type) ?? { kind: 'deferred' };
}

function intersection(context: CheckContext, type: ts.IntersectionType, unite: Unite): Core {
  const { ts } = context;
  const isObject = (part: ts.Type): boolean => (part.flags & ts.TypeFlags.Object) !== 0;
  // In `object & { id: number }` the first part adds nothing.
  const bare = type.types.filter((part) => !isObject(part) && (part.flags & ts.TypeFlags.NonPrimitive) === 0);
  const objects = type.types.filter(isObject);
  const [only] = bare;
  if (only !== undefined) {
    if (bare.length > 1) return { kind: 'deferred' };
    const core = describeType(context, only, unite);
    if (core.kind !== 'primitive' && core.kind !== 'literal') return { kind: 'deferred' };
    if (!objects.every((part) => brandsPrimitive(context, part, only))) return IMPOSSIBLE;
    return joinMarks(core, marksOfBrands(context, objects));
  }
  const special = objects.filter((part) => structureOf(context, part) !== undefined);
  const [builtIn] = special;
  if (builtIn === undefined) return objectIntersection(context, type, objects, unite);
  const brands = objects.filter((part) => part !== builtIn);
  if (special.length > 1 || !brands.every((part) => brandsBuiltIn(context, part)))
    return { kind: 'built-in', name: 'intersection', typeArguments: [] };
  return joinMarks(describeObject(context, builtIn, unite), marksOfBrands(context, brands));
}

/** A type without values: `string & { a: 1 }`. */
const IMPOSSIBLE: Core = { kind: 'keyword', name: 'impossible' };

function objectIntersection(
  context: CheckContext,
  type: ts.IntersectionType,
  parts: readonly ts.Type[],
  unite: Unite,
): Core {
  const brands = parts.filter((part) => brandsObject(context, part));
  const isClass = parts.some((part) => isClassInstance(context, part));
  const facts = objectFacts(context, type, { isClass, brands }, unite);
  return brands.length === 0 ? facts : joinMarks(facts, marksOfBrands(context, brands));
}

function joinMarks(core: Core, marks: Marks): Core {
  const brand = [core.brand, marks.brand].filter((text) => text !== undefined).join(' ');
  return { ...core, ...marks, ...(brand !== '' && { brand }) };
}

/** What a type is if it is an array, a tuple or a built-in; undefined for all other objects. */
function structureOf(
  context: CheckContext,
  type: ts.Type,
): 'array' | 'tuple' | { builtIn: string } | undefined {
  const { checker } = context;
  if (checker.isTupleType(type)) return 'tuple';
  if (checker.isArrayType(type)) return 'array';
  const builtIn = builtInName(context, type);
  return builtIn === undefined ? undefined : { builtIn };
}

function describeObject(context: CheckContext, type: ts.Type, unite: Unite): Core {
  const { checker } = context;
  const coded = codecFacts(context, type) ?? arrowTableFacts(context, type);
  if (coded) return coded;
  const structure = structureOf(context, type);
  if (structure === 'tuple') return tuple(context, type as ts.TypeReference); // isTupleType
  const args = (): readonly ts.Type[] => (isReference(context, type) ? checker.getTypeArguments(type) : []);
  if (structure === 'array') {
    const [element] = args();
    return element === undefined
      ? { kind: 'deferred' }
      : { kind: 'array', element, readonly: type.symbol.name === 'ReadonlyArray' };
  }
  if (structure !== undefined) return builtIn(structure.builtIn, args());
  const base = platformBase(context, type);
  if (base !== undefined) return derived(context, type, base, unite);
  if (isGenericMapped(context, type)) return { kind: 'deferred' };
  return objectFacts(context, type, { isClass: isClassInstance(context, type) }, unite);
}

function builtIn(name: string, typeArguments: readonly ts.Type[]): Core {
  const known = knownType(name);
  if (known.kind !== 'bytes') return { kind: 'built-in', name, typeArguments };
  const buffer = typeArguments[0]?.symbol?.name;
  // Not supported: what a hit returns would not be shared memory.
  if (buffer === 'SharedArrayBuffer') return { kind: 'built-in', name: buffer, typeArguments: [] };
  return { kind: 'bytes', type: known.type };
}

function tuple(context: CheckContext, type: ts.TypeReference): Core {
  const { ts, checker } = context;
  const { elementFlags, readonly } = type.target as ts.TupleType; // isTupleType
  // The length of `[...T]` is that of T.
  if (elementFlags.some((flags) => (flags & ts.ElementFlags.Variadic) !== 0)) return { kind: 'deferred' };
  const elements = checker.getTypeArguments(type).slice(0, elementFlags.length);
  return {
    kind: 'tuple',
    readonly,
    elements: elements.map((element, index) => ({
      type: element,
      optional: ((elementFlags[index] ?? 0) & ts.ElementFlags.Optional) !== 0,
      rest: ((elementFlags[index] ?? 0) & ts.ElementFlags.Rest) !== 0,
    })),
  };
}

/**
 * Qualified name of a platform class or interface; undefined for others, and for platform interfaces that are only
 * data.
 */
export function builtInName(context: CheckContext, type: ts.Type): string | undefined {
  const { ts, checker, origins, platformNames } = context;
  const { symbol } = type;
  if (symbol === undefined || (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0)
    return undefined;
  if (symbol.declarations?.some((node) => origins.isPlatform(node)) !== true) return undefined;
  const objectFlags = (type as ts.ObjectType).objectFlags; // type.flags & Object
  // `typeof Date` has the same symbol, but is the type of the constructor.
  if ((objectFlags & (ts.ObjectFlags.ClassOrInterface | ts.ObjectFlags.Reference)) === 0) return undefined;
  const name =
    platformNames.get(symbol) ??
    checker.getFullyQualifiedName(symbol).replace(/^(?:"[^"]*"|global|globalThis)\./, '');
  platformNames.set(symbol, name);
  return isListedBuiltIn(name) || (symbol.flags & ts.SymbolFlags.Value) !== 0 ? name : undefined;
}

type PlatformBase = { readonly name: string; readonly type: ts.Type };

/** The first built-in that a class or interface of the project extends. */
function platformBase(context: CheckContext, type: ts.Type, depth = 0): PlatformBase | undefined {
  const { ts, checker } = context;
  const declared = isReference(context, type) ? type.target : type;
  if (!declared.isClassOrInterface() || depth > 20) return undefined;
  for (const base of checker.getBaseTypes(declared)) {
    if ((base.flags & ts.TypeFlags.Object) === 0) continue;
    const structure = structureOf(context, base);
    if (structure === 'array' || structure === 'tuple') return { name: 'Array', type: base };
    if (structure !== undefined) return { name: structure.builtIn, type: base };
    const deeper = platformBase(context, base, depth + 1);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

/**
 * `interface Names extends Array<string> {}` is described as its base, as is a class that is only a name for it;
 * anything else that extends a built-in as a class.
 */
function derived(context: CheckContext, type: ts.Type, base: PlatformBase, unite: Unite): Core {
  const { checker } = context;
  const declared = isReference(context, type) ? type.target : type;
  const known = knownType(base.name);
  if (known.kind === 'unsupported' && known.reason !== 'built-in')
    return { kind: 'built-in', name: base.name, typeArguments: [] };
  if (!declared.isClass() || isOnlyName(context, declared)) {
    const { typeParameters } = declared as ts.InterfaceType; // only classes and interfaces have a base
    const own = type.symbol.members?.size ?? 0;
    const parameters = typeParameters?.length ?? 0;
    const bases = checker.getBaseTypes(declared as ts.InterfaceType); // as above
    const isAlias = own === parameters && bases.length === 1 && bases[0] === base.type;
    if (isAlias && parameters === 0) return describeObject(context, base.type, unite);
    const element = type.getNumberIndexType();
    if (isAlias && base.name === 'Array' && element !== undefined)
      return { kind: 'array', element, readonly: base.type.symbol?.name === 'ReadonlyArray' };
  }
  return objectFacts(context, type, { isClass: true }, unite);
}

/**
 * Whether a declaration file has the class for its own use, so that nothing can be an instance of it: Mongoose says
 * `declare class NativeDate extends globalThis.Date {}` where it means Date.
 */
function isOnlyName({ ts }: CheckContext, { symbol }: ts.Type): boolean {
  const declarations = symbol.declarations ?? [];
  return declarations.every(
    (node) =>
      ts.isClassDeclaration(node) &&
      node.getSourceFile().isDeclarationFile &&
      !(ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
  );
}

function isReference({ ts }: CheckContext, type: ts.Type): type is ts.TypeReference {
  const flags = (type as ts.ObjectType).objectFlags ?? 0; // undefined for other types
  return (type.flags & ts.TypeFlags.Object) !== 0 && (flags & ts.ObjectFlags.Reference) !== 0;
}

/** Whether the type is an instance of a class. For classes of the platform ask `builtInName` first. */
export function isClassInstance(context: CheckContext, type: ts.Type): boolean {
  return (isReference(context, type) ? type.target : type).isClass();
}

/** Whether the type is a mapped type such as `Partial<T>` over an unknown T, whose properties are unknown as well. */
function isGenericMapped(context: CheckContext, type: ts.Type): boolean {
  const { ts, checker } = context;
  if (((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) === 0) return false; // type.flags & Object
  const open = ts.TypeFlags.TypeParameter | ts.TypeFlags.IndexedAccess | ts.TypeFlags.Conditional;
  if (type.aliasTypeArguments?.some((arg) => (arg.flags & open) !== 0) === true) return true;
  return checker.getPropertiesOfType(type).length === 0 && checker.getIndexInfosOfType(type).length === 0;
}
