// The codec id by which a shape says that a value is a table of apache-arrow.

/** Id of the codec that `cachekit/arrow` exports as `tables`. */
export const ARROW_TABLE = 'apache-arrow/Table/1';
