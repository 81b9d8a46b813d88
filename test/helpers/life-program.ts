// Runs as a worker thread, a forked process or a worker of a cluster: one call of a function that shares the embedded
// store, and who ran it.
import { parentPort, threadId } from 'node:worker_threads';
import { cacheOf, close, configure, flush } from '../../runtime/index.ts';
import { oneNumber } from '../runtime/site/hand-written.ts';

configure({ backend: 'embedded' });
const self = `${process.pid} ${threadId}`;
const load = oneNumber(async (id) => ({ id, tags: [self] }), {
  id: 'life/load',
  settings: { ttlMs: 600_000 },
});
// Loading modules may take longer than its first calls wait: until the store is open.
await load(0);
await flush();
const { tags } = await load(1);
await flush();
const said = { self, ranBy: tags[0], calls: cacheOf(load).stats().calls };
if (parentPort === null) process.send?.(said);
else parentPort.postMessage(said);
await close();
if (process.connected) process.disconnect();
