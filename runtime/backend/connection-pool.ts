// Connection counts of a backend, for the health report. Not part of the port: most backends have no connections.
import type { Backend } from './backend.ts';

/** Connection counts at one moment. */
export interface ConnectionPool {
  /** Connections that are open or being opened. */
  readonly createdConnections: number;
  /** Open connections on which no command waits for its answer. */
  readonly availableConnections: number;
  /** Open connections on which a command waits for its answer. */
  readonly inUseConnections: number;
}

const pools = new WeakMap<Backend, () => ConnectionPool>();

/** For adapters: registers how the connections of `backend` are counted. `read` is called for each health report. */
export function describePool(backend: Backend, read: () => ConnectionPool): void {
  pools.set(backend, read);
}

/** The connections of all these backends, added up. */
export function poolOf(backends: readonly Backend[]): ConnectionPool {
  const all = backends.flatMap((backend) => pools.get(backend)?.() ?? []);
  const sum = (count: (pool: ConnectionPool) => number): number =>
    all.reduce((total, pool) => total + count(pool), 0);
  return {
    createdConnections: sum((pool) => pool.createdConnections),
    availableConnections: sum((pool) => pool.availableConnections),
    inUseConnections: sum((pool) => pool.inUseConnections),
  };
}
