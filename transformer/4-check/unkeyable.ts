// What in a type keeps a value from having a canonical text.
import { placesOf } from '../2-shape/places-of.ts';
import type { ShapePath, TypeShape, UnsupportedReason } from '../2-shape/type-shape.ts';

export interface UnkeyablePlace {
  readonly path: ShapePath;
  /** undefined: a class whose instances hold data only. */
  readonly reason: UnsupportedReason | undefined;
  /** For people: "function", "class Client", "any". */
  readonly what: string;
  readonly typeText: string;
  /** A class with private state. */
  readonly hidden?: boolean;
}

/** The first such place. `any` is one only as the whole value: below, the values themselves decide at run time. */
export function findUnkeyable(shape: TypeShape, refs: readonly TypeShape[]): UnkeyablePlace | undefined {
  for (const { shape: at, path } of placesOf(shape, refs)) {
    if (at.kind === 'any' && path === '') return { path, reason: 'any', what: 'any', typeText: 'any' };
    if (at.kind === 'object' && at.dataClass === true) {
      // Instances have no key form, and an object literal of the same fields would be another call.
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
