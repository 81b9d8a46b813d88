// Members of an object type: which are data, and which the checker alone knows of.
import type ts from 'typescript';
import type { MemberFacts, TypeFacts, TypeHandle } from '../../../2-shape/type-reader.ts';
import { isSymbolKey, mayBeThere } from './brand-forms.ts';
import { ownBrand, ownMarks } from './brand.ts';
import type { CheckContext } from './origin.ts';

/** What `describe` adds files and text to. */
export type ObjectFacts = Omit<Extract<TypeFacts, { kind: 'object' }>, 'files' | 'text'>;

interface ObjectForm {
  /** It is, or is made of, instances of a class. */
  readonly isClass: boolean;
  /** Parts of an intersection that brand it. Default: none. */
  readonly brands?: readonly ts.Type[];
}

/** Resolves the members of `type`; `unite` makes a handle for several types at once. */
export function objectFacts(
  context: CheckContext,
  type: ts.Type,
  { isClass, brands = [] }: ObjectForm,
  unite: (types: readonly ts.Type[]) => TypeHandle,
): ObjectFacts {
  const { ts, checker } = context;
  const symbols = inDeclaredOrder(checker.getPropertiesOfType(type));
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
 * Properties of mapped types over chosen names (`Pick`, `Omit`) come in the order in which the checker first met the names, which
 * depends on what else was compiled. The declarations behind them stand still.
 */
function inDeclaredOrder(symbols: readonly ts.Symbol[]): readonly ts.Symbol[] {
  const mapped = symbols.filter((symbol) => placeOf(symbol) !== undefined).toSorted(byPlace);
  return mapped.length < 2 ? symbols : symbols.map((one) => (placeOf(one) && mapped.shift()) ?? one);
}

/** Undefined: not of a mapped type, or one that takes its names from nowhere (`Record<'a' | 'b', T>`). */
function placeOf(symbol: ts.Symbol): ts.Declaration | undefined {
  return (checkFlags(symbol) & CHECK_MAPPED) === 0 ? undefined : symbol.declarations?.[0];
}

function byPlace(a: ts.Symbol, b: ts.Symbol): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  if (first === undefined || second === undefined) return 0;
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

/** Read from the text: the parser drops a comment that starts on the line of the brace, and tsc parses hardly any. */
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
  // Mapped types (`Pick<User, 'id'>`) keep the declarations but are data of their own: only real members have a value declaration.
  const declared = symbol.valueDeclaration !== undefined;
  if (String(symbol.escapedName).startsWith('__#') || (declared && (modifiers & hidden) !== 0))
    return 'private';
  if ((symbol.flags & ts.SymbolFlags.Method) !== 0) return 'method';
  const accessor =
    (symbol.flags & ts.SymbolFlags.Accessor) !== 0 ||
    (declared && (modifiers & ts.ModifierFlags.Accessor) !== 0);
  return accessor ? 'accessor' : 'field';
}

/** Bits of the checker's own flags: readonly, for properties of mapped types and `as const` literals. */
const CHECK_READONLY = 8;
/** Made by a mapped type. */
const CHECK_MAPPED = 262_144;

/** Not in the published types: transient symbols have `links`. */
function checkFlags(symbol: ts.Symbol): number {
  const { links } = symbol as { readonly links?: { readonly checkFlags?: number } };
  return links?.checkFlags ?? 0;
}

/** Wrong answers must be `false`: a value taken for immutable would be shared. */
function isReadonly({ ts }: CheckContext, symbol: ts.Symbol): boolean {
  if ((checkFlags(symbol) & CHECK_READONLY) !== 0) return true;
  const node = symbol.valueDeclaration;
  return node !== undefined && (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Readonly) !== 0;
}

/** Alias or interface name of the project; library aliases (`Partial`) say nothing about the type. */
function nameOf(context: CheckContext, type: ts.Type): string | undefined {
  const symbol = type.aliasSymbol ?? type.symbol;
  if (symbol === undefined || symbol.name.startsWith('__') || symbol.name === 'default') return undefined;
  const [declaration] = symbol.declarations ?? [];
  return declaration === undefined || context.origins.isPlatform(declaration) ? undefined : symbol.name;
}
