// What of a result type decides its bytes, as text: what a type is called, who may write to it, and how emitted code gets
// at a class do not.
import type { TypeShape } from './type-shape.ts';

/** Canonical for the compiler's order of properties and arms; `parseWireShape` is its inverse. */
export function wireShapeText(result: TypeShape, refs: readonly TypeShape[]): string {
  return JSON.stringify([result, refs], withoutNames);
}

/** Of a text that may be damaged: undefined when it is none of `wireShapeText`, as far as a look at its top tells. */
export function parseWireShape(
  text: string,
): { readonly result: TypeShape; readonly refs: readonly TypeShape[] } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const [result, refs] = Array.isArray(value) ? (value as unknown[]) : [];
  const isShape = typeof result === 'object' && result !== null && 'kind' in result;
  // What is inside is looked at by whoever walks it.
  return isShape && Array.isArray(refs) ? { result: result as TypeShape, refs } : undefined;
}

function withoutNames(key: string, value: unknown): unknown {
  if (key === 'readonly' || key === 'dataClass' || key === 'reach' || key === 'why') return undefined;
  const isNamed = typeof value === 'object' && value !== null && 'kind' in value && 'name' in value;
  if (!isNamed || value.kind === 'primitive') return value;
  const { name: _name, ...rest } = value;
  return rest;
}
