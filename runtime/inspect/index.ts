// `cachekit/inspect`: what stored bytes say of themselves. For the command `cachekit inspect`; applications have `peek()`.
export { inspectEntry, type EntryQuestion, type EntryReport } from './inspect-entry.ts';
export { isInteropKey } from './inspect-interop.ts';
export { readStored } from './read-stored.ts';
