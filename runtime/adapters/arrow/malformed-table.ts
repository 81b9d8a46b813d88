// The error for tables that cannot be read, or stored. The caller of the codec turns it into a miss.

/** Its message is constant, so that stored data never gets into a log. */
export class MalformedTableError extends Error {
  constructor() {
    super('Not a table, or one that cannot be stored');
    this.name = 'MalformedTableError';
  }
}

/** For use in expressions. @throws MalformedTableError always */
export function refuseTable(): never {
  throw new MalformedTableError();
}
