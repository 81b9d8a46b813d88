// Limits of the wire. Writers and readers use the same ones, so whatever is written can be read again.

/**
 * Deepest nesting of arrays. Values nest up to 128 levels, each of which can take three arrays: optional property,
 * member of a union, object.
 */
export const MAX_WIRE_DEPTH = 512;

/** Most values in one entry; arrays and their elements count alike. */
export const MAX_WIRE_NODES = 1_000_000;

/** Bytes that no writer makes, or a value that cannot be written. The message is constant and contains no data. */
export class MalformedError extends Error {
  constructor() {
    super('Malformed entry body');
    this.name = 'MalformedError';
  }
}

/** Thrown while writing a value with more than MAX_WIRE_NODES parts. */
export class TooManyNodesError extends Error {
  constructor() {
    super('More values than an entry may hold');
    this.name = 'TooManyNodesError';
  }
}
