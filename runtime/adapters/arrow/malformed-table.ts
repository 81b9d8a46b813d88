// What reading a table throws. The reader of the entry turns it into a miss.

/** The text is constant: it never repeats stored data. */
export class MalformedTableError extends Error {
  constructor() {
    super('Not a table, or one that cannot be stored');
    this.name = 'MalformedTableError';
  }
}

export function refuseTable(): never {
  throw new MalformedTableError();
}
