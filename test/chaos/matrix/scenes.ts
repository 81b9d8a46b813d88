// What rows are played on: a server, a server behind a proxy, Sentinel, Cluster. Two processes each, unless a row needs more.
import { startRedisCluster, type RedisCluster } from '../../helpers/redis-cluster.ts';
import { startSentinelSet, type SentinelSet } from '../../helpers/redis-sentinel.ts';
import { startRedisServer, type RedisServer } from '../../helpers/redis-server.ts';
import { startTcpFaultProxy, type TcpFaultProxy } from '../../helpers/tcp-fault-proxy.ts';
import type { LoadProcess } from './load-process.ts';
import type { Scene } from './run-row.ts';

type Act<T> = (on: T, processes: readonly LoadProcess[]) => unknown;

interface Acts<T> {
  readonly hurt: Act<T>;
  readonly heal: Act<T>;
}

const acts = <T>(on: T, { hurt, heal }: Acts<T>): Pick<Scene, 'hurt' | 'heal'> => ({
  async hurt(processes) {
    await hurt(on, processes);
  },
  async heal(processes) {
    await heal(on, processes);
  },
});

/** Both processes on one redis-server. */
export function onServer(
  does: Acts<RedisServer>,
  args: readonly string[] = [],
  count = 2,
): () => Promise<Scene> {
  return async () => {
    const server = await startRedisServer({ args });
    return {
      backends: Array.from({ length: count }, () => server.url),
      ...acts(server, does),
      close: () => server.close(),
    };
  };
}

/** The first process has the server itself, the second one a proxy that breaks things. */
export function onProxy(does: Acts<TcpFaultProxy>): () => Promise<Scene> {
  return async () => {
    const server = await startRedisServer();
    const proxy = await startTcpFaultProxy(server.port);
    return {
      backends: [server.url, proxy.url],
      ...acts(proxy, does),
      async close() {
        await proxy.close();
        await server.close();
      },
    };
  };
}

export function onSentinel(does: Acts<SentinelSet>): () => Promise<Scene> {
  return async () => {
    const set = await startSentinelSet();
    return { backends: [set.url, set.url], ...acts(set, does), close: () => set.close() };
  };
}

export function onCluster(does: Acts<RedisCluster>): () => Promise<Scene> {
  return async () => {
    const cluster = await startRedisCluster();
    return { backends: [cluster.url, cluster.url], ...acts(cluster, does), close: () => cluster.close() };
  };
}
