// Shape → readable text, close to how TypeScript would write it: for `cachekit explain` and diagnostics.
import type { PropertyShape, SignatureShape, TypeShape } from './type-shape.ts';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Text of one shape. A recursive type prints as its name, or `#id` without one; `printSignature` adds its body. */
export function printShape(shape: TypeShape, refs: readonly TypeShape[] = []): string {
  let text = printBare(shape, refs);
  if (shape.brand !== undefined) text = `${text}<${shape.brand}>`;
  if (shape.sensitive !== undefined) text = `${shape.sensitive === 'pii' ? 'Pii' : 'Secret'}<${text}>`;
  return text;
}

/** `(id: number, tags?: string[]) => Promise<User>`, then a line `Name = …` for each recursive type. */
export function printSignature(signature: SignatureShape): string {
  const { refs } = signature;
  const list = signature.bound.map(
    (param) =>
      `${param.rest ? '...' : ''}${param.name}${param.optional ? '?' : ''}: ${printShape(param.shape, refs)}`,
  );
  const captures = signature.captures.map((param) => `${param.name}: ${printShape(param.shape, refs)}`);
  const result = printShape(signature.result, refs);
  const head = `(${list.join(', ')}) => ${signature.returnsPromise ? `Promise<${result}>` : result}`;
  const scope = captures.length > 0 ? ` with ${captures.join(', ')}` : '';
  const bodies = refs.map((body, id) => `\n${refName(id, refs)} = ${printShape(body, refs)}`);
  return head + scope + bodies.join('');
}

function refName(id: number, refs: readonly TypeShape[]): string {
  const body = refs[id];
  return body?.kind === 'object' && body.name !== undefined ? body.name : `#${id}`;
}

function printBare(shape: TypeShape, refs: readonly TypeShape[]): string {
  const print = (child: TypeShape): string => printShape(child, refs);
  switch (shape.kind) {
    case 'object':
      return braces(shape.properties.map((property) => printProperty(property, refs)));
    case 'record':
      return braces([
        ...shape.properties.map((property) => printProperty(property, refs)),
        `[key: string]: ${print(shape.value)}`,
      ]);
    case 'array':
      return `${shape.readonly ? 'readonly ' : ''}${grouped(shape.element, print(shape.element))}[]`;
    case 'tuple':
      return `${shape.readonly ? 'readonly ' : ''}[${shape.elements.map((element) => printElement(element, print)).join(', ')}]`;
    case 'map':
      return `${shape.readonly ? 'Readonly' : ''}Map<${print(shape.key)}, ${print(shape.value)}>`;
    case 'set':
      return `${shape.readonly ? 'Readonly' : ''}Set<${print(shape.element)}>`;
    case 'union':
      return shape.arms.map(print).join(' | ');
    case 'ref':
      return refName(shape.id, refs);
    default:
      return printLeaf(shape);
  }
}

type Container = 'object' | 'record' | 'array' | 'tuple' | 'map' | 'set' | 'union' | 'ref';

function printLeaf(shape: Exclude<TypeShape, { kind: Container }>): string {
  switch (shape.kind) {
    case 'primitive':
    case 'class':
      return shape.name;
    case 'literal':
      return typeof shape.value === 'object' ? `${shape.value.bigint}n` : JSON.stringify(shape.value);
    case 'date':
      return 'Date';
    case 'bytes':
    case 'text':
      return shape.type;
    case 'any':
      return 'any';
    case 'unsupported':
      return `!${shape.reason}(${shape.typeText})`;
  }
}

const braces = (parts: readonly string[]): string => (parts.length === 0 ? '{}' : `{ ${parts.join('; ')} }`);

function printProperty(property: PropertyShape, refs: readonly TypeShape[]): string {
  const name = IDENTIFIER.test(property.name) ? property.name : JSON.stringify(property.name);
  return `${property.readonly ? 'readonly ' : ''}${name}${property.optional ? '?' : ''}: ${printShape(property.shape, refs)}`;
}

function printElement(
  element: { readonly shape: TypeShape; readonly optional: boolean; readonly rest: boolean },
  print: (shape: TypeShape) => string,
): string {
  const text = grouped(element.shape, print(element.shape));
  if (element.rest) return `...${text}[]`;
  return element.optional ? `${text}?` : text;
}

const grouped = (shape: TypeShape, text: string): string =>
  shape.kind === 'union' && shape.sensitive === undefined && shape.brand === undefined ? `(${text})` : text;
