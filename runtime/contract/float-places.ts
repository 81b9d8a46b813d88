// Places in the arguments and the result of a function with `interop` where a number is declared `Float64`. Other
// languages distinguish 2.0 from 2; a JavaScript number does not.

/** 1: the value itself. Else: places inside it. */
export type FloatPlaces = 1 | FloatPlacesBelow;

/** Absent fields have no such places. */
export interface FloatPlacesBelow {
  /** Places by property name. */
  readonly p?: Readonly<Record<string, FloatPlaces>>;
  /** Places by index of the first elements of an array; 0: none in this element. */
  readonly t?: readonly (FloatPlaces | 0)[];
  /** Places in every other element, property, or value of a Map. */
  readonly e?: FloatPlaces;
  /** Union type: the places of all its members. */
  readonly u?: readonly FloatPlaces[];
  /** Index into `refs`, for types that contain themselves. */
  readonly r?: number;
}

/** All places of one function. */
export interface InteropFloats {
  /** Places in the list of arguments. */
  readonly args?: FloatPlaces;
  readonly result?: FloatPlaces;
  /** Targets of `r`. */
  readonly refs?: readonly (FloatPlaces | 0)[];
}
