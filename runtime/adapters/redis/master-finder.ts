// Port: finds the present master, for connections whose server can move. Also tells whether a server is a replica.
import type { RedisLike } from './redis-like.ts';

/** Host and port of a server. */
export interface ServerPlace {
  readonly host: string;
  readonly port: number;
}

/** Knows, or asks, which server is the master. */
export interface MasterFinder {
  /** Rejects with BackendError. */
  find(): Promise<ServerPlace>;
  /** Says that the server found last is no master, so that the next `find` asks another source first. */
  doubt(): void;
  /** Called with the new place whenever the master moved. Returns a function that removes the listener. */
  onMove(listener: (place: ServerPlace) => void): () => void;
  close(): void;
}

/** False also if the server does not permit the question (NOPERM), which is no reason to reject it. */
export async function isReplica(client: RedisLike): Promise<boolean> {
  try {
    return String(await client.callBuffer('INFO', 'replication')).includes('role:slave');
  } catch {
    return false;
  }
}
