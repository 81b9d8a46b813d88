// A number that is a float in other languages even if it is whole: there 2.0 and 2 are different values.

/** Wraps the number in arguments and values that a program passes to `interopKey` and `encodeInterop` itself. */
export class DeclaredFloat {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

/**
 * For `encodeInterop`: writes the number as a float even if it is whole. For `interopKey`: accepts a whole number
 * beyond 2^53, as the integer that it is. Marked functions declare the type `Float64` instead.
 */
export function float64(number: number): DeclaredFloat {
  return new DeclaredFloat(number);
}
