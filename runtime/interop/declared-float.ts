// A number that is a float in the other languages also when it is whole: there 2.0 and 2 are different values.

/** Stands for the number in arguments and values of programs that call `encodeInterop` and `interopKey` themselves. */
export class DeclaredFloat {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

/**
 * For `encodeInterop`: the number as a float also when it is whole. For `interopKey`: a number beyond 2^53 counts as the
 * integer that it is. Marked functions say it in their types: `Float64`.
 */
export function float64(number: number): DeclaredFloat {
  return new DeclaredFloat(number);
}
