// Implements the backend port on Redis: GET, SET PX, UNLINK, PING, and the scripts behind `fence` and `log`.
import type { Backend } from '../../backend/backend.ts';
import { describePool } from '../../backend/connection-pool.ts';
import { describeQuickGet } from '../../backend/quick-reads.ts';
import { asBuffer, wholeMs } from './arguments.ts';
import { untilAborted, type Send } from './lane.ts';
import { redisFence } from './redis-fence.ts';
import { redisLog } from './redis-log.ts';
import { checkStored, entryOf, replyAs, wholeOf } from './replies.ts';
import { createScriptRunner } from './run-script.ts';
import type { Servers } from './servers.ts';
import { Topology } from './topology.ts';

const getting =
  (key: string): Send<Uint8Array | undefined> =>
  (client) =>
    replyAs(client.callBuffer('get', key), entryOf);

/**
 * `openLink` opens separate connections to the same servers for blocking commands; called when the log is first
 * followed. `release` closes what both sets of connections share. `ping` waits for lost connections until its signal
 * aborts; all other operations fail fast.
 */
export function createRedisBackend(
  servers: Servers,
  openLink: () => Servers,
  release: () => void = () => undefined,
): Backend {
  const topology = new Topology();
  servers.onTopology(topology.changed);
  let link: Servers | undefined;
  let isClosed = false;
  const linkNow = (): Servers => {
    if (link === undefined) {
      link = openLink();
      link.onTopology(topology.changed);
      if (isClosed) link.close();
    }
    return link;
  };
  const run = <T>(key: string, signal: AbortSignal, send: Send<T>): Promise<T> =>
    untilAborted(signal, (abandonment) => servers.send(key, abandonment, false, send));
  const runScript = createScriptRunner();
  const backend: Backend = {
    name: 'redis',
    get: (key, signal) => run(key, signal, getting(key)),
    async set(key, value, ttlMs, signal) {
      const pxMs = wholeMs(ttlMs);
      await run(key, signal, (client) =>
        replyAs(client.callBuffer('set', key, asBuffer(value), 'PX', pxMs), checkStored),
      );
    },
    async delete(key, signal) {
      await run(key, signal, (client) => replyAs(client.callBuffer('unlink', key), wholeOf));
    },
    async ping(signal) {
      await untilAborted(signal, (abandonment) => servers.ping(abandonment));
    },
    fence: redisFence(servers, runScript),
    log: redisLog(servers, linkNow, runScript, topology),
    close() {
      isClosed = true;
      topology.close();
      servers.close();
      link?.close();
      release();
      return Promise.resolve();
    },
  };
  describeQuickGet(backend, (key, abandonment) => servers.send(key, abandonment, false, getting(key)));
  describePool(backend, () => {
    const states = servers.states();
    return {
      createdConnections: states.filter((state) => state !== undefined).length,
      availableConnections: states.filter((state) => state === 'idle').length,
      inUseConnections: states.filter((state) => state === 'busy').length,
    };
  });
  return backend;
}
