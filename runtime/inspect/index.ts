// `cachekit/inspect`: reads stored bytes without the function they belong to, for the command `cachekit inspect`.
// Applications use `peek()` instead.
export { inspectEntry, type EntryQuestion, type EntryReport } from './inspect-entry.ts';
export { isInteropKey } from './inspect-interop.ts';
export { readStored } from './read-stored.ts';
