// What one interop/v1 document may be at most. Writers and readers share the numbers: what is written can be read again.

/** Arrays and maps inside each other, the outermost counted. */
export const MAX_DEPTH = 100;

/** Values in one document: arrays, maps and what they hold counted alike, names not. */
export const MAX_NODES = 1_000_000;

/** Encoded arguments. The hash over them is on the way of a call. */
export const MAX_ARGUMENTS_BYTES = 1024 * 1024;

/** An encoded value, as in the Python library. */
export const MAX_VALUE_BYTES = 100 * 1024 * 1024;
