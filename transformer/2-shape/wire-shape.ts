// The part of a result type that decides its stored bytes, as text. Type names, `readonly`, and how emitted code
// reaches a class are left out.
import type { TypeShape } from './type-shape.ts';

/** Keeps the compiler's order of properties and arms. `parseWireShape` is the inverse. */
export function wireShapeText(result: TypeShape, refs: readonly TypeShape[]): string {
  return JSON.stringify(withoutNames([result, refs]));
}

/** Parses text that may be damaged. Undefined when its outermost level is not what `wireShapeText` writes. */
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
  // Nested shapes are checked by whoever walks them.
  return isShape && Array.isArray(refs) ? { result: result as TypeShape, refs } : undefined;
}

const NOT_ON_THE_WIRE: ReadonlySet<string> = new Set(['readonly', 'dataClass', 'reach', 'why']);

/** Makes a copy first, as a replacer function passed to JSON.stringify takes several times as long. */
function withoutNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNames);
  const isNamed = 'kind' in value && value.kind !== 'primitive';
  const left: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value))
    if (!NOT_ON_THE_WIRE.has(key) && !(isNamed && key === 'name')) left[key] = withoutNames(part);
  return left;
}
