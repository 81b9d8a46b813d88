// Evaluates the options of a `cached()` call, as far as the source text alone determines their values.
import type TS from 'typescript';
import type { OptionValue } from '../../../1-scan/marker.ts';
import type { CachedCall } from '../../../1-scan/syntax-reader.ts';
import type { FileIndex } from './file-index.ts';
import { memberName } from './names.ts';
import { shortText } from './short-text.ts';
import { isFunctionLiteral, unwrap } from './tree.ts';

type Options = Exclude<CachedCall['options'], undefined | 'dynamic'>;
type Option = Options[number];
/** Nesting of expressions and of constants that refer to others; this ends cyclic references. */
const MAX_DEPTH = 32;

/** `dynamic`: not an object literal, or one with properties whose names are known only at run time. */
export function readOptions(index: FileIndex, expression: TS.Expression): Options | 'dynamic' {
  const object = constObject(index, expression, 0);
  return object === undefined ? 'dynamic' : readProperties(index, object, 0);
}

function readProperties(
  index: FileIndex,
  object: TS.ObjectLiteralExpression,
  depth: number,
): Options | 'dynamic' {
  const { ts } = index;
  let options: Option[] = [];
  for (const property of object.properties) {
    if (ts.isSpreadAssignment(property)) {
      const inner = depth > MAX_DEPTH ? undefined : constObject(index, property.expression, depth + 1);
      const spread = inner === undefined ? 'dynamic' : readProperties(index, inner, depth + 1);
      if (spread === 'dynamic') return 'dynamic';
      const range = index.rangeOf(property);
      const names = new Set(spread.map((option) => option.name));
      options = options.filter((option) => !names.has(option.name));
      options.push(...spread.map((option) => ({ ...option, nameRange: range, valueRange: range })));
      continue;
    }
    const name = memberName(index, property.name);
    if (name === undefined || name.startsWith('[')) return 'dynamic';
    // It replaces an option of the same name from a spread; a second property of this name is kept, and reported later.
    const replaced = options.findIndex((option) => option.name === name && isFromSpread(option));
    if (replaced !== -1) options.splice(replaced, 1);
    const option = readProperty(index, property, name);
    if (option !== undefined) options.push(option);
  }
  return options;
}

/** Options from a spread have the range of the spread as both of their ranges: the same object. */
function isFromSpread({ nameRange, valueRange }: Option): boolean {
  return nameRange === valueRange;
}

function readProperty(
  index: FileIndex,
  property: Exclude<TS.ObjectLiteralElementLike, TS.SpreadAssignment>,
  name: string,
): Option | undefined {
  const { ts } = index;
  const nameRange = index.rangeOf(property.name);
  if (ts.isMethodDeclaration(property))
    return { name, value: code(index, property), nameRange, valueRange: index.rangeOf(property) };
  if (ts.isAccessor(property))
    return { name, value: dynamic(index, property), nameRange, valueRange: nameRange };
  const expression = ts.isPropertyAssignment(property) ? property.initializer : property.name;
  const value = toOptionValue(index, expression);
  // A copy of the range, so that the two are never one object: see `isFromSpread`.
  return value === undefined
    ? undefined
    : { name, value, nameRange, valueRange: { ...index.rangeOf(expression) } };
}

/** Undefined when the value is `undefined`, which counts as if the property were missing. */
function toOptionValue(index: FileIndex, expression: TS.Expression): OptionValue | undefined {
  const result = evaluate(index, expression, 0);
  if (result === undefined) return dynamic(index, expression);
  if (result.kind === 'code') return code(index, result.node);
  const { value } = result;
  if (value === undefined) return undefined;
  if (typeof value === 'string') return { kind: 'text', text: value, quoted: true };
  if (typeof value === 'number') return { kind: 'number', value };
  if (typeof value === 'boolean') return { kind: 'flag', on: value };
  return { kind: 'list', items: value };
}

function dynamic(index: FileIndex, node: TS.Node): OptionValue {
  return { kind: 'dynamic', text: textOf(index, node) };
}

function code(index: FileIndex, node: TS.Node): OptionValue {
  return { kind: 'code', text: textOf(index, node), range: index.rangeOf(node) };
}

function textOf(index: FileIndex, node: TS.Node): string {
  const { start, end } = index.rangeOf(node);
  return shortText(index.text.slice(start, end));
}

type Scalar = string | number | boolean | undefined;
type Static =
  | { readonly kind: 'value'; readonly value: Scalar | readonly string[] }
  | { readonly kind: 'code'; readonly node: TS.Node };

/** The value of an expression; undefined: it is known only at run time. */
function evaluate(index: FileIndex, expression: TS.Expression, depth: number): Static | undefined {
  const { ts } = index;
  const inner = unwrap(ts, expression);
  if (depth > MAX_DEPTH) return undefined;
  if (isFunctionLiteral(ts, inner)) return { kind: 'code', node: inner };
  if (ts.isArrayLiteralExpression(inner)) return evaluateList(index, inner, depth);
  if (ts.isIdentifier(inner)) return evaluateName(index, inner, depth);
  if (ts.isPropertyAccessExpression(inner)) {
    const object = constObject(index, inner.expression, depth + 1);
    const { text } = inner.name;
    const property = object?.properties.findLast(
      (item) => item.name === undefined || memberName(index, item.name) === text,
    );
    const isKnown = property !== undefined && ts.isPropertyAssignment(property);
    return isKnown ? evaluate(index, property.initializer, depth + 1) : undefined;
  }
  const scalar = evaluateScalar(index, inner, depth);
  return scalar === undefined ? undefined : { kind: 'value', value: scalar };
}

function evaluateScalar(index: FileIndex, inner: TS.Expression, depth: number): Scalar {
  const { ts } = index;
  if (ts.isStringLiteralLike(inner)) return inner.text;
  if (ts.isNumericLiteral(inner)) return Number(inner.text);
  if (inner.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (inner.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isPrefixUnaryExpression(inner)) {
    const operand = scalarOf(evaluate(index, inner.operand, depth + 1));
    if (typeof operand !== 'number') return undefined;
    if (inner.operator === ts.SyntaxKind.MinusToken) return -operand;
    return inner.operator === ts.SyntaxKind.PlusToken ? operand : undefined;
  }
  if (!ts.isBinaryExpression(inner)) return undefined;
  const left = scalarOf(evaluate(index, inner.left, depth + 1));
  const right = scalarOf(evaluate(index, inner.right, depth + 1));
  return calculate(ts, inner.operatorToken.kind, left, right);
}

function scalarOf(result: Static | undefined): Scalar {
  return result?.kind === 'value' && typeof result.value !== 'object' ? result.value : undefined;
}

function calculate(ts: typeof TS, operator: TS.SyntaxKind, left: Scalar, right: Scalar): Scalar {
  const isAddition = operator === ts.SyntaxKind.PlusToken;
  if (isAddition && typeof left === 'string' && typeof right === 'string') return left + right;
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  if (isAddition) return left + right;
  if (operator === ts.SyntaxKind.MinusToken) return left - right;
  if (operator === ts.SyntaxKind.AsteriskToken) return left * right;
  if (operator === ts.SyntaxKind.SlashToken) return left / right;
  if (operator === ts.SyntaxKind.PercentToken) return left % right;
  return operator === ts.SyntaxKind.AsteriskAsteriskToken ? left ** right : undefined;
}

function evaluateList(index: FileIndex, array: TS.ArrayLiteralExpression, depth: number): Static | undefined {
  const items = array.elements.map((item) => scalarOf(evaluate(index, item, depth + 1)));
  const texts = items.filter((item) => typeof item === 'string');
  return texts.length === items.length ? { kind: 'value', value: texts } : undefined;
}

function evaluateName(index: FileIndex, identifier: TS.Identifier, depth: number): Static | undefined {
  const { ts } = index;
  const binding = index.resolve(identifier);
  if (binding === undefined)
    return identifier.text === 'undefined' ? { kind: 'value', value: undefined } : undefined;
  if (binding.kind === 'function') return binding.assigned ? undefined : { kind: 'code', node: identifier };
  const initializer = constInitializer(index, identifier);
  if (initializer === undefined) return undefined;
  // The content of an array in a constant can change, unless it is `as const`.
  const isArray = ts.isArrayLiteralExpression(unwrap(ts, initializer));
  return isArray && !isConstAssertion(ts, initializer) ? undefined : evaluate(index, initializer, depth + 1);
}

/** The initializer of `const name = …`; undefined: the name is not such a constant of this file. */
export function constInitializer(index: FileIndex, identifier: TS.Identifier): TS.Expression | undefined {
  const { ts } = index;
  const binding = index.resolve(identifier);
  const declaration = binding?.kind === 'const' ? binding.declarations[0] : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  return ts.isIdentifier(declaration.name) ? declaration.initializer : undefined;
}

/**
 * The object literal that the expression is, or that a constant holds `as const`; any other can change before the call.
 */
function constObject(
  index: FileIndex,
  expression: TS.Expression,
  depth: number,
): TS.ObjectLiteralExpression | undefined {
  const { ts } = index;
  const inner = unwrap(ts, expression);
  if (ts.isObjectLiteralExpression(inner)) return inner;
  if (depth > MAX_DEPTH || !ts.isIdentifier(inner)) return undefined;
  const initializer = constInitializer(index, inner);
  if (initializer === undefined || !isConstAssertion(ts, initializer)) return undefined;
  return constObject(index, initializer, depth + 1);
}

function isConstAssertion(ts: typeof TS, expression: TS.Expression): boolean {
  const inner =
    ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression)
      ? expression.expression
      : expression;
  return ts.isAssertionExpression(inner) && ts.isConstTypeReference(inner.type);
}
