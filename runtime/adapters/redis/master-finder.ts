// Port: where the master is, for connections to servers that move; and the question whether a server is one.
import type { RedisLike } from './redis-like.ts';

export interface ServerPlace {
  readonly host: string;
  readonly port: number;
}

export interface MasterFinder {
  /** Rejects with BackendError. */
  find(): Promise<ServerPlace>;
  /** What was found is no master: somebody else is asked the next time. */
  doubt(): void;
  /** Called with the new place whenever the master moved. Returns the way out. */
  onMove(listener: (place: ServerPlace) => void): () => void;
  close(): void;
}

/** False also where it may not be asked (NOPERM): that is no reason to refuse a server. */
export async function isReplica(client: RedisLike): Promise<boolean> {
  try {
    return String(await client.callBuffer('INFO', 'replication')).includes('role:slave');
  } catch {
    return false;
  }
}
