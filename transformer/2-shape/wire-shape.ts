// What of a result type decides its bytes, as text: what a type is called, who may write to it, and how emitted code gets
// at a class do not.
import type { TypeShape } from './type-shape.ts';

/** Canonical for the compiler's order of properties and arms; `parseWireShape` is its inverse. */
export function wireShapeText(result: TypeShape, refs: readonly TypeShape[]): string {
  return JSON.stringify(withoutNames([result, refs]));
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

const NOT_ON_THE_WIRE: ReadonlySet<string> = new Set(['readonly', 'dataClass', 'reach', 'why']);

/** A copy: a replacer that JSON calls for each value takes several times as long. */
function withoutNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNames);
  const isNamed = 'kind' in value && value.kind !== 'primitive';
  const left: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value))
    if (!NOT_ON_THE_WIRE.has(key) && !(isNamed && key === 'name')) left[key] = withoutNames(part);
  return left;
}
