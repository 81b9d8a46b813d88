// Where in the arguments and the result of a function with `interop` numbers are declared `Float64`: other languages tell
// 2.0 from 2, a JavaScript number does not.

/** 1: here. */
export type FloatPlaces = 1 | FloatPlacesBelow;

/** Fields are left out where there is nothing to say. */
export interface FloatPlacesBelow {
  /** Under properties of these names. */
  readonly p?: Readonly<Record<string, FloatPlaces>>;
  /** In the first elements of an array; 0: not in this one. */
  readonly t?: readonly (FloatPlaces | 0)[];
  /** In each other element, property, or value of a Map. */
  readonly e?: FloatPlaces;
  /** Of a union: as each of these says. */
  readonly u?: readonly FloatPlaces[];
  /** As that one of `refs` says: types that contain themselves. */
  readonly r?: number;
}

export interface InteropFloats {
  /** Of the list of arguments. */
  readonly args?: FloatPlaces;
  readonly result?: FloatPlaces;
  readonly refs?: readonly (FloatPlaces | 0)[];
}
