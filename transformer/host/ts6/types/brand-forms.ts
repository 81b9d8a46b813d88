// Decides which properties of a type are brands and not data, by the rules in docs/guide/types.md. They may err towards
// brands: the runtime stores a value only if it is exactly of its type, so data taken for a brand is returned, but not
// stored.
import type ts from 'typescript';
import type { CheckContext } from './origin.ts';

/** The checker's names of properties with a symbol as key: `__@pii@123`. */
const SYMBOL_KEY = /^__@(.*)@\d+$/;

/** Symbols to which JavaScript itself gives a meaning: a property with one of them has an effect, and is no brand. */
const WELL_KNOWN = new Set(
  (
    'asyncDispose asyncIterator dispose hasInstance isConcatSpreadable iterator match matchAll metadata replace ' +
    'search species split toPrimitive toStringTag unscopables'
  ).split(' '),
);

/** Names of brands in types that can have data: there, `_id` and `__typename` are data. */
const BRAND_NAME = /brand|nominal|opaque|phantom|flavou?r/i;

/** Whether the key of a property is a symbol. */
export function isSymbolKey(symbol: ts.Symbol): boolean {
  return String(symbol.escapedName).startsWith('__@');
}

/** The name of the symbol that is the key: `tag` of `{ [tag]: true }`. Undefined: no symbol, or a well-known one. */
export function brandingSymbol(symbol: ts.Symbol): string | undefined {
  const name = SYMBOL_KEY.exec(String(symbol.escapedName))?.[1];
  return name === undefined || WELL_KNOWN.has(name) ? undefined : name;
}

/** Whether the type is an object type that can neither be called nor constructed. */
export function isPropertyOnly({ ts, checker }: CheckContext, type: ts.Type): boolean {
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    checker.getSignaturesOfType(type, ts.SignatureKind.Call).length === 0 &&
    checker.getSignaturesOfType(type, ts.SignatureKind.Construct).length === 0
  );
}

/**
 * Whether `part` of `string & part` is a brand. Primitives have no properties of their own, so most properties count as
 * brands, except those that plainly look like data.
 */
export function brandsPrimitive(context: CheckContext, part: ts.Type, primitive: ts.Type): boolean {
  const { checker } = context;
  const isBrand = (symbol: ts.Symbol): boolean =>
    brandingSymbol(symbol) !== undefined ||
    (!isSymbolKey(symbol) &&
      (symbol.name.startsWith('_') ||
        BRAND_NAME.test(symbol.name) ||
        isOptional(context, symbol) ||
        isMarkType(context, checker.getTypeOfSymbol(symbol)) ||
        // `string & { length: 2 }` refines a property that the primitive has.
        checker.getPropertyOfType(checker.getApparentType(primitive), symbol.name) !== undefined));
  return isBrandPart(context, part, isBrand);
}

/**
 * Whether `part` of `string[] & part` or `Date & part` is a brand: only properties with a symbol or `__name` as key
 * are.
 */
export function brandsBuiltIn(context: CheckContext, part: ts.Type): boolean {
  return isBrandPart(
    context,
    part,
    (symbol) =>
      brandingSymbol(symbol) !== undefined || (!isSymbolKey(symbol) && symbol.name.startsWith('__')),
  );
}

/** Whether `part` of `{ id: number } & part` is a brand. */
export function brandsObject(context: CheckContext, part: ts.Type): boolean {
  const { checker } = context;
  const isBrand = (symbol: ts.Symbol): boolean =>
    brandingSymbol(symbol) !== undefined ||
    (!isSymbolKey(symbol) &&
      BRAND_NAME.test(symbol.name) &&
      isMarkType(context, checker.getNonNullableType(checker.getTypeOfSymbol(symbol))));
  return checker.getPropertiesOfType(part).length > 0 && isBrandPart(context, part, isBrand);
}

function isBrandPart(context: CheckContext, part: ts.Type, isBrand: (symbol: ts.Symbol) => boolean): boolean {
  const { checker } = context;
  return (
    isPropertyOnly(context, part) &&
    checker.getIndexInfosOfType(part).length === 0 &&
    checker.getPropertiesOfType(part).every(isBrand)
  );
}

function isOptional({ ts }: CheckContext, symbol: ts.Symbol): boolean {
  return (symbol.flags & ts.SymbolFlags.Optional) !== 0;
}

/** Types with at most one value: a string literal, true, a unique symbol, undefined, null, never. */
function isMarkType({ ts, checker }: CheckContext, type: ts.Type): boolean {
  const { TypeFlags } = ts;
  const single =
    TypeFlags.StringLiteral |
    TypeFlags.UniqueESSymbol |
    TypeFlags.VoidLike |
    TypeFlags.Null |
    TypeFlags.Never;
  return (type.flags & single) !== 0 || type === checker.getTrueType();
}

/** For a property of a part that {@link brandsObject} accepts: whether a value can really have it at run time. */
export function mayBeThere({ ts, checker }: CheckContext, symbol: ts.Symbol): boolean {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
  return !isSymbolKey(symbol) && (type.isStringLiteral() || (type.flags & ts.TypeFlags.BooleanLiteral) !== 0);
}
