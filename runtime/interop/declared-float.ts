// A number that is a float in the other languages also when it is whole: there 2.0 and 2 are different values.

/** Stands for the number in arguments and values; made from declared types, never by users. */
export class DeclaredFloat {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}
