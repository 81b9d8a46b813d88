// `cachekit/testing`: for the tests of applications. Knows no test runner.
export { memoryBackend, type MemoryBackendOptions } from '../backend/memory-backend.ts';
export { manualClock, type ManualClock } from './manual-clock.ts';
export { resetCacheKit } from './reset-cachekit.ts';
