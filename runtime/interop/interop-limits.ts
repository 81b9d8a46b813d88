// Limits of an interop/v1 document. Writing and reading use the same ones, so whatever is written can be read again.

/** Deepest nesting of arrays and maps, the outermost included. */
export const MAX_DEPTH = 100;

/** Most values in one document: arrays, maps and their contents count alike, names do not count. */
export const MAX_NODES = 1_000_000;

/** Most bytes of encoded arguments, which are hashed during a call. */
export const MAX_ARGUMENTS_BYTES = 1024 * 1024;

/** Most bytes of an encoded value; the limit of cachekit for Python. */
export const MAX_VALUE_BYTES = 100 * 1024 * 1024;
