// `cachekit/testing`: helpers for tests of applications, independent of the test runner.
export { memoryBackend, type MemoryBackendOptions } from '../backend/memory-backend.ts';
export { backendContract } from './backend-contract.ts';
export { expectCached } from './expect-cached.ts';
export { faultyBackend, type Fault } from './faulty-backend.ts';
export { manualClock, type ManualClock } from './manual-clock.ts';
export { recordEvents, type RecordedEvents } from './record-events.ts';
export { resetCacheKit } from './reset-cachekit.ts';
