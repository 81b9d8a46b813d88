/** Id of the codec that `cachekit/arrow` exports as `tables`: how a shape says that a value is a table of apache-arrow. */
export const ARROW_TABLE = 'apache-arrow/Table/1';
