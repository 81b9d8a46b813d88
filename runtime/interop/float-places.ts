// Follows the places of declared floats (contract/float-places.ts) while a value is written.
import type { FloatPlaces } from '../contract/float-places.ts';
import type { Step } from './path-text.ts';

/** Targets of references. */
export type FloatRefs = readonly (FloatPlaces | 0)[];

/** Whether a number at the present place is a declared float. */
export function isFloatPlace(places: FloatPlaces | undefined, refs: FloatRefs): boolean {
  return alternatives(places, refs).includes(1);
}

/** The places within one part of the present value. */
export function placesBelow(
  places: FloatPlaces | undefined,
  step: Step,
  refs: FloatRefs,
): FloatPlaces | undefined {
  const below = alternatives(places, refs).flatMap((one): readonly FloatPlaces[] => {
    if (one === 1) return [];
    const named = typeof step === 'string' && one.p !== undefined && Object.hasOwn(one.p, step);
    const found = named ? one.p[step] : typeof step === 'number' ? (one.t?.[step] ?? one.e) : one.e;
    return found === undefined || found === 0 ? [] : [found];
  });
  const [first, ...others] = below;
  return others.length === 0 ? first : { u: below };
}

/** Resolves unions and references. Terminates, because no type is only a reference to itself. */
function alternatives(places: FloatPlaces | 0 | undefined, refs: FloatRefs): readonly FloatPlaces[] {
  if (places === undefined || places === 0) return [];
  if (places === 1) return [1];
  if (places.u !== undefined) return places.u.flatMap((one) => alternatives(one, refs));
  return places.r === undefined ? [places] : alternatives(refs[places.r], refs);
}
