// What a wire may be at most, the same for writers and readers: what is written can always be read again.

/** Nesting of arrays. A value nests up to 128 deep, and each of its levels takes up to three: optional place, arm of a union, object. */
export const MAX_WIRE_DEPTH = 512;

/** Values in one entry, arrays and their elements counted alike. */
export const MAX_WIRE_NODES = 1_000_000;

/** Bytes that are not what the writer makes, or a value that none can write. The text is constant: it never repeats them. */
export class MalformedError extends Error {
  constructor() {
    super('Malformed entry body');
    this.name = 'MalformedError';
  }
}

/** While writing: the value has more parts than an entry may have. */
export class TooManyNodesError extends Error {
  constructor() {
    super('More values than an entry may hold');
    this.name = 'TooManyNodesError';
  }
}
