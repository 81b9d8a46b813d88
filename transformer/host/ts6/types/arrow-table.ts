// Recognises tables of apache-arrow. Their codec comes with cachekit, so that users need not define one.
import type ts from 'typescript';
import { ARROW_TABLE } from '../../../2-shape/arrow-table.ts';
import type { TypeFacts } from '../../../2-shape/type-reader.ts';
import type { CheckContext } from './origin.ts';

type ClassFacts = Omit<Extract<TypeFacts, { kind: 'class' }>, 'files' | 'text'>;

/** Undefined: not such a table. The columns are its brand, so that another type of a column is another shape. */
export function arrowTableFacts(context: CheckContext, type: ts.Type): ClassFacts | undefined {
  const { ts, checker, origins } = context;
  if (type.symbol?.name !== 'Table') return undefined;
  const declaration = type.symbol.declarations?.find((node) => ts.isClassDeclaration(node));
  if (declaration === undefined) return undefined;
  if (origins.packageOf(declaration.getSourceFile().fileName)?.name !== 'apache-arrow') return undefined;
  const [columns] = checker.getTypeArguments(type as ts.TypeReference); // a generic class
  return {
    kind: 'class',
    name: 'Table',
    id: ARROW_TABLE,
    wire: 'bytes',
    reach: { kind: 'module', from: 'cachekit/arrow', name: 'tables', foreign: true },
    brand: columns === undefined ? 'any' : columnsText(context, columns),
  };
}

function columnsText({ ts, checker }: CheckContext, columns: ts.Type): string {
  const print = (of: ts.Type): string => checker.typeToString(of, undefined, ts.TypeFormatFlags.NoTruncation);
  const properties = checker.getPropertiesOfType(columns);
  if (properties.length === 0) return print(columns);
  return properties.map((column) => `${column.name}: ${print(checker.getTypeOfSymbol(column))}`).join(', ');
}
