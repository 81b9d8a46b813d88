// Finds the calls of `configure` from "cachekit", and the master keys that are written in them as string literals.
import type TS from 'typescript';
import type { Range } from '../../../1-scan/marker.ts';
import type { ConfigureCall } from '../../../1-scan/syntax-reader.ts';
import type { FileIndex } from './file-index.ts';
import { memberName } from './names.ts';
import { constInitializer } from './options.ts';
import { exportOf } from './package-exports.ts';
import { unwrap } from './tree.ts';

/** All calls in source order. */
export function listConfigureCalls(index: FileIndex): readonly ConfigureCall[] {
  return index.calls
    .filter((call) => exportOf(index, call.expression) === 'configure')
    .map((call) => ({
      range: index.rangeOf(call.expression),
      literalKeys: literalKeys(index, call.arguments[0]),
    }));
}

/** Where `encryption.masterKey` or one of `encryption.previousMasterKeys` is a string literal that is not empty. */
function literalKeys(index: FileIndex, config: TS.Expression | undefined): readonly Range[] {
  const encryption = propertyOf(index, config, 'encryption');
  const previous = resolve(index, propertyOf(index, encryption, 'previousMasterKeys'));
  const list = previous !== undefined && index.ts.isArrayLiteralExpression(previous) ? previous.elements : [];
  return [propertyOf(index, encryption, 'masterKey'), ...list].flatMap((key) => {
    const value = resolve(index, key);
    const isText = value !== undefined && index.ts.isStringLiteralLike(value) && value.text !== '';
    return key !== undefined && isText ? [index.rangeOf(key)] : [];
  });
}

function propertyOf(
  index: FileIndex,
  object: TS.Expression | undefined,
  name: string,
): TS.Expression | undefined {
  const { ts } = index;
  const literal = resolve(index, object);
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return undefined;
  for (const property of literal.properties) {
    if (property.name === undefined || memberName(index, property.name) !== name) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

/** The expression without wrappers; for a constant of the file, its initializer. */
function resolve(index: FileIndex, expression: TS.Expression | undefined): TS.Expression | undefined {
  const { ts } = index;
  if (expression === undefined) return undefined;
  const inner = unwrap(ts, expression);
  const initializer = ts.isIdentifier(inner) ? constInitializer(index, inner) : undefined;
  return initializer === undefined ? inner : unwrap(ts, initializer);
}
