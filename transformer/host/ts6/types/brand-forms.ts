// Which properties brand a type, and are no data: docs/guide/types.md has the same list. Generous, since the run time
// stores a value only where it is exactly of its type: a brand that turns out to be data is returned and not stored.
import type ts from 'typescript';
import type { CheckContext } from './origin.ts';

/** Names of symbol-keyed properties: `__@pii@123`. */
const SYMBOL_KEY = /^__@(.*)@\d+$/;

/** Properties that JavaScript itself looks for: an object that has one does something. */
const WELL_KNOWN = new Set(
  (
    'asyncDispose asyncIterator dispose hasInstance isConcatSpreadable iterator match matchAll metadata replace ' +
    'search species split toPrimitive toStringTag unscopables'
  ).split(' '),
);

/** Beside data, only names that say what they are for: `_id` and `__typename` are data. */
const BRAND_NAME = /brand|nominal|opaque|phantom|flavou?r/i;

export function isSymbolKey(symbol: ts.Symbol): boolean {
  return String(symbol.escapedName).startsWith('__@');
}

/** `tag` of `{ [tag]: true }`; undefined: no symbol, or one of the language. */
export function brandingSymbol(symbol: ts.Symbol): string | undefined {
  const name = SYMBOL_KEY.exec(String(symbol.escapedName))?.[1];
  return name === undefined || WELL_KNOWN.has(name) ? undefined : name;
}

/** An object type with nothing but properties. */
export function isPropertyOnly({ ts, checker }: CheckContext, type: ts.Type): boolean {
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    checker.getSignaturesOfType(type, ts.SignatureKind.Call).length === 0 &&
    checker.getSignaturesOfType(type, ts.SignatureKind.Construct).length === 0
  );
}

/** `part` of `string & part`: no text has properties of its own, so everything that is not plainly data brands it. */
export function brandsPrimitive(context: CheckContext, part: ts.Type, primitive: ts.Type): boolean {
  const { checker } = context;
  const isBrand = (symbol: ts.Symbol): boolean =>
    brandingSymbol(symbol) !== undefined ||
    (!isSymbolKey(symbol) &&
      (symbol.name.startsWith('_') ||
        BRAND_NAME.test(symbol.name) ||
        isOptional(context, symbol) ||
        isMarkType(context, checker.getTypeOfSymbol(symbol)) ||
        // `string & { length: 2 }` says something of the text.
        checker.getPropertyOfType(checker.getApparentType(primitive), symbol.name) !== undefined));
  return isBrandPart(context, part, isBrand);
}

/** `part` of `string[] & part`, `Date & part`: it could be real; symbols and `__name` are taken for brands. */
export function brandsBuiltIn(context: CheckContext, part: ts.Type): boolean {
  return isBrandPart(
    context,
    part,
    (symbol) =>
      brandingSymbol(symbol) !== undefined || (!isSymbolKey(symbol) && symbol.name.startsWith('__')),
  );
}

/** `part` of `{ id: number } & part`. */
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

/** Types of which there is one value or none: a text, true, a unique symbol, undefined, null, never. */
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

/** Of a property that {@link brandsObject} found: a value can have it, so it may be there or not. */
export function mayBeThere({ ts, checker }: CheckContext, symbol: ts.Symbol): boolean {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
  return !isSymbolKey(symbol) && (type.isStringLiteral() || (type.flags & ts.TypeFlags.BooleanLiteral) !== 0);
}
