// What decoders throw for data that no encoder writes. The reader turns it into a miss.

/** The text is constant: it never repeats stored data. */
export class WireError extends Error {
  constructor() {
    super('Stored data is not of the declared type');
    this.name = 'WireError';
  }
}

/** @throws WireError always. */
export function failWire(): never {
  throw new WireError();
}
