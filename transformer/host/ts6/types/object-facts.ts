// Describes the members of an object type: which are data, and which exist only for the type checker.
import type ts from 'typescript';
import type { MemberFacts, TypeFacts, TypeHandle } from '../../../2-shape/type-reader.ts';
import { isSymbolKey, mayBeThere } from './brand-forms.ts';
import { ownBrand, ownMarks } from './brand.ts';
import type { CheckContext } from './origin.ts';

/** The facts about an object type, without what type-reader.ts adds to all facts. */
export type ObjectFacts = Omit<Extract<TypeFacts, { kind: 'object' }>, 'files' | 'text'>;

interface ObjectForm {
  /** Whether the type is, or has as a part, an instance of a class. */
  readonly isClass: boolean;
  /** The parts of an intersection that are brands. Default: none. */
  readonly brands?: readonly ts.Type[];
}

/** Resolves the members of `type`. `unite` creates one handle for several types. */
export function objectFacts(
  context: CheckContext,
  type: ts.Type,
  { isClass, brands = [] }: ObjectForm,
  unite: (types: readonly ts.Type[]) => TypeHandle,
): ObjectFacts {
  const { ts, checker } = context;
  const symbols = inSourceOrder(checker.getPropertiesOfType(type));
  const branding = new Set(
    brands.flatMap((part) => checker.getPropertiesOfType(part)).map((symbol) => symbol.escapedName),
  );
  const isBrand = (symbol: ts.Symbol): boolean => branding.has(symbol.escapedName);
  const keyed = symbols.filter(
    (symbol) => !isSymbolKey(symbol) && (!isBrand(symbol) || mayBeThere(context, symbol)),
  );
  const foreign = symbols.filter(
    (symbol) => isSymbolKey(symbol) && !isBrand(symbol) && ownBrand(context, symbol) === undefined,
  );
  const infos = checker.getIndexInfosOfType(type);
  const isSymbolIndex = (info: ts.IndexInfo): boolean =>
    (info.keyType.flags & ts.TypeFlags.ESSymbolLike) !== 0;
  const named = infos.filter((info) => !isSymbolIndex(info));
  return {
    kind: 'object',
    name: nameOf(context, type),
    class: isClass,
    callable:
      checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0 ||
      checker.getSignaturesOfType(type, ts.SignatureKind.Construct).length > 0,
    members: keyed.map((symbol) => {
      const member = memberFacts(context, symbol);
      return isBrand(symbol) ? { ...member, optional: true } : member;
    }),
    symbolKeys: foreign.length + infos.filter(isSymbolIndex).length,
    index: named.length === 0 ? undefined : unite(named.map((info) => info.type)),
    indexReadonly: named.length > 0 && named.every((info) => info.isReadonly),
    ...ownMarks(context, symbols),
  };
}

/**
 * The properties in an order that the source of the type alone decides. The checker lists those of mapped types over
 * some names (`Pick`, `Record<'a' | 'b', T>`) in the order in which it first met the names, which depends on what else
 * it has compiled: these are put in the order of the declarations behind them, then by name.
 */
function inSourceOrder(symbols: readonly ts.Symbol[]): readonly ts.Symbol[] {
  const unordered = symbols.filter(isUnordered).toSorted(byPlaceAndName);
  return unordered.length < 2
    ? symbols
    : symbols.map((one) => (isUnordered(one) && unordered.shift()) || one);
}

/**
 * Whether a property is of a mapped type, or of several parts of an intersection, of which one may be mapped, or a copy
 * of such a property.
 */
function isUnordered(symbol: ts.Symbol): boolean {
  if (symbol.declarations === undefined) return true;
  return (
    (checkFlags(symbol) & (CHECK_MAPPED | CHECK_SYNTHETIC)) !== 0 || copiedFrom(symbol).some(isUnordered)
  );
}

/** Properties that are declared nowhere, as those of `Record<'a' | 'b', T>`, come last. */
function byPlaceAndName(a: ts.Symbol, b: ts.Symbol): number {
  const [first, second] = [a.declarations?.[0], b.declarations?.[0]];
  if (first === undefined || second === undefined) {
    if (first !== second) return first === undefined ? 1 : -1;
    return a.name < b.name ? -1 : 1;
  }
  const [file, other] = [first.getSourceFile(), second.getSourceFile()];
  return file === other ? first.pos - second.pos : file.fileName < other.fileName ? -1 : 1;
}

function memberFacts(context: CheckContext, symbol: ts.Symbol): MemberFacts {
  const { ts, checker } = context;
  return {
    name: symbol.name,
    optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
    readonly: isReadonly(context, symbol),
    type: checker.getTypeOfSymbol(symbol),
    role: roleOf(context, symbol),
    pii: (symbol.declarations ?? []).some(hasPiiComment),
  };
}

const DOC_COMMENT = /\/\*\*[^]*?\*\//g;
const PII_TAG = /^[\s/*]*@pii\b/m;

/**
 * Whether a comment before the member has `@pii`. Read from the text: the parser drops comments that start on the line
 * of the brace, and tsc parses only few.
 */
function hasPiiComment(node: ts.Declaration): boolean {
  const file = node.getSourceFile();
  const before = file.text.slice(node.pos, node.getStart(file));
  return (before.match(DOC_COMMENT) ?? []).some((comment) => PII_TAG.test(comment));
}

function roleOf({ ts }: CheckContext, symbol: ts.Symbol): MemberFacts['role'] {
  const modifiers = (symbol.declarations ?? []).reduce(
    (flags, node) => flags | ts.getCombinedModifierFlags(node),
    ts.ModifierFlags.None,
  );
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  // The properties of `Pick<User, 'id'>` have the declarations of User's, but not their privacy: only real members have
  // a `valueDeclaration`.
  const declared = symbol.valueDeclaration !== undefined;
  if (String(symbol.escapedName).startsWith('__#') || (declared && (modifiers & hidden) !== 0))
    return 'private';
  if ((symbol.flags & ts.SymbolFlags.Method) !== 0) return 'method';
  const accessor =
    (symbol.flags & ts.SymbolFlags.Accessor) !== 0 ||
    (declared && (modifiers & ts.ModifierFlags.Accessor) !== 0);
  return accessor ? 'accessor' : 'field';
}

/** `CheckFlags.Readonly`, internal in TypeScript 6: a readonly property of a mapped type or an `as const` literal. */
const CHECK_READONLY = 8;
/** `CheckFlags.Mapped`, internal in TypeScript 6: a property of a mapped type. */
const CHECK_MAPPED = 262_144;
/** `CheckFlags.SyntheticProperty`, internal in TypeScript 6: a property of several parts of an intersection. */
const CHECK_SYNTHETIC = 2;

/** Internal in TypeScript 6: symbols that the checker itself creates have `links`. */
interface Links {
  readonly checkFlags?: number;
  /** Of a property of an object spread or of a rest (`{ ...part }`, `{ id, ...rest }`): what it was copied from. */
  readonly syntheticOrigin?: ts.Symbol;
  readonly leftSpread?: ts.Symbol;
  readonly rightSpread?: ts.Symbol;
  /** Of a property of an instance of a generic type: that of the generic type. */
  readonly target?: ts.Symbol;
}

function linksOf(symbol: ts.Symbol): Links {
  return (symbol as { readonly links?: Links }).links ?? {};
}

function checkFlags(symbol: ts.Symbol): number {
  return linksOf(symbol).checkFlags ?? 0;
}

/** The properties that this one is a copy of, which has lost their flags. */
function copiedFrom(symbol: ts.Symbol): readonly ts.Symbol[] {
  const { syntheticOrigin, leftSpread, rightSpread, target } = linksOf(symbol);
  return [syntheticOrigin, leftSpread, rightSpread, target].filter((one) => one !== undefined);
}

/**
 * Whether a property is readonly. When in doubt `false`: a value that is taken for immutable is shared between callers.
 */
function isReadonly({ ts }: CheckContext, symbol: ts.Symbol): boolean {
  if ((checkFlags(symbol) & CHECK_READONLY) !== 0) return true;
  const node = symbol.valueDeclaration;
  return node !== undefined && (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Readonly) !== 0;
}

/** The name of the type, if it is not from the platform: an alias like `Partial` would say nothing about the type. */
function nameOf(context: CheckContext, type: ts.Type): string | undefined {
  const symbol = type.aliasSymbol ?? type.symbol;
  if (symbol === undefined || symbol.name.startsWith('__') || symbol.name === 'default') return undefined;
  const [declaration] = symbol.declarations ?? [];
  return declaration === undefined || context.origins.isPlatform(declaration) ? undefined : symbol.name;
}
