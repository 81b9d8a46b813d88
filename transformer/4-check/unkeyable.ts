// Finds the part of a type that keeps its values from having a canonical text.
import { placesOf } from '../2-shape/places-of.ts';
import type { ShapePath, TypeShape, UnsupportedReason } from '../2-shape/type-shape.ts';

export interface UnkeyablePlace {
  readonly path: ShapePath;
  /** Undefined: a class with data fields only. */
  readonly reason: UnsupportedReason | undefined;
  /** For messages: "function", "class Client", "any". */
  readonly what: string;
  readonly typeText: string;
  /** True for a class with private state. */
  readonly hidden?: boolean;
}

/** The first such place. `any` counts only as the whole value; further down the runtime decides by the actual value. */
export function findUnkeyable(shape: TypeShape, refs: readonly TypeShape[]): UnkeyablePlace | undefined {
  for (const { shape: at, path } of placesOf(shape, refs)) {
    if (at.kind === 'any' && path === '') return { path, reason: 'any', what: 'any', typeText: 'any' };
    if (at.kind === 'object' && at.dataClass === true) {
      // Instances have no key text, and must not share that of an object literal with the same fields.
      const typeText = at.name ?? 'without a name';
      return { path, reason: undefined, what: `class ${typeText}`, typeText };
    }
    if (at.kind !== 'unsupported') continue;
    const { reason, typeText, hidden = false } = at;
    return { path, reason, what: whatIs(reason, typeText), typeText, hidden };
  }
  return undefined;
}

function whatIs(reason: UnsupportedReason, typeText: string): string {
  if (reason === 'function' || reason === 'symbol') return reason;
  return reason === 'class' ? `class ${typeText}` : typeText;
}
