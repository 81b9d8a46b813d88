// The error of decoders for data that no encoder writes. The entry codec turns it into a miss.

/** Its message is constant, so that stored data never gets into a log. */
export class WireError extends Error {
  constructor() {
    super('Stored data is not of the declared type');
    this.name = 'WireError';
  }
}

/** For use in expressions. @throws WireError always */
export function failWire(): never {
  throw new WireError();
}
