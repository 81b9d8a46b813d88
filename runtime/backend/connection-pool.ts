// How many connections a backend holds, for health. Kept beside the port: most backends have none to speak of.
import type { Backend } from './backend.ts';

export interface ConnectionPool {
  /** Open or being opened. */
  readonly createdConnections: number;
  /** Open, and no command waits on it. */
  readonly availableConnections: number;
  /** Open, with commands that wait for their answers. */
  readonly inUseConnections: number;
}

const pools = new WeakMap<Backend, () => ConnectionPool>();

/** For adapters: `read` is asked whenever somebody looks at the health. */
export function describePool(backend: Backend, read: () => ConnectionPool): void {
  pools.set(backend, read);
}

/** All of them together. */
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
