// Reads brands such as `string & { __brand: 'Id' }` and `Pii<User>`: the text that becomes part of the shape, and the
// meaning of cachekit's own brands.
import type ts from 'typescript';
import type { Sensitivity } from '../../../2-shape/type-shape.ts';
import { brandingSymbol, isPropertyOnly } from './brand-forms.ts';
import type { CheckContext } from './origin.ts';

/** What the brands of a type say. */
export interface Marks {
  readonly brand?: string;
  readonly sensitive?: Sensitivity;
}

/** The unique symbols that are the keys of cachekit's own brands. */
type OwnBrand = 'pii' | 'secret' | 'float64';

/** The brand of cachekit that a property is; undefined: none. Its symbol must be declared in cachekit itself. */
export function ownBrand(context: CheckContext, symbol: ts.Symbol): OwnBrand | undefined {
  const name = brandingSymbol(symbol);
  if (name !== 'pii' && name !== 'secret' && name !== 'float64') return undefined;
  const unique = symbol.declarations?.[0];
  return unique !== undefined && isOwnDeclaration(context, unique) ? name : undefined;
}

/** Whether the node is in a file of cachekit's runtime package. */
export function isOwnDeclaration(context: CheckContext, node: ts.Node): boolean {
  const file = node.getSourceFile().fileName;
  return file.includes('/node_modules/cachekit/') || context.origins.packageOf(file)?.name === 'cachekit';
}

/** The combined marks of cachekit's own brands among `symbols`. */
export function ownMarks(context: CheckContext, symbols: readonly ts.Symbol[]): Marks {
  const found = new Set(symbols.map((symbol) => ownBrand(context, symbol)));
  return {
    ...(found.has('float64') && { brand: 'float64' }),
    ...(found.has('secret')
      ? { sensitive: 'secret' as const }
      : found.has('pii') && { sensitive: 'pii' as const }),
  };
}

/** The combined marks of the parts of an intersection that are brands. */
export function marksOfBrands(context: CheckContext, brands: readonly ts.Type[]): Marks {
  const symbols = brands.flatMap((type) => context.checker.getPropertiesOfType(type));
  const own = ownMarks(context, symbols);
  const foreign = symbols
    .filter((symbol) => ownBrand(context, symbol) === undefined)
    .map((symbol) => brandText(context, symbol))
    .toSorted();
  const brand = [...(own.brand === undefined ? [] : [own.brand]), ...foreign].join(' ');
  return {
    ...(brand !== '' && { brand }),
    ...(own.sensitive !== undefined && { sensitive: own.sensitive }),
  };
}

/** `Id` of `{ __brand: 'Id' }` and `{ [tag]: { Id: true } }`; without such a name, the name of the property. */
function brandText(context: CheckContext, symbol: ts.Symbol): string {
  const { ts, checker } = context;
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
  if (type.isStringLiteral()) return type.value;
  if ((type.flags & ts.TypeFlags.Object) !== 0 && isPropertyOnly(context, type)) {
    const names = checker.getPropertiesOfType(type).map((inner) => inner.name);
    if (names.length > 0 && names.length < 10) return names.toSorted().join(' ');
  }
  return brandingSymbol(symbol) ?? symbol.name;
}
