// Port: the servers that commands go to. One server, one that moves (Sentinel), several (Cluster), or the application's
// client.
import type { Abandonment } from '../../backend/abandonment.ts';
import { Lane, laneOf, type LaneState, type Send } from './lane.ts';
import type { MasterFinder } from './master-finder.ts';
import type { RedisConnection } from './redis-connection.ts';
import { Topology } from './topology.ts';

/** Sends commands to the right server. */
export interface Servers {
  /**
   * Sends commands for keys of one slot to the server of `key`, in order for the same key. `patient`: waits for a lost
   * connection. Rejects with BackendError.
   */
  send<T>(key: string, abandonment: Abandonment, patient: boolean, send: Send<T>): Promise<T>;
  /** Commands sent in one turn for the same key run in that order, or the later ones fail too. False in a cluster. */
  readonly keepsOrder: boolean;
  /** Waits for lost connections. Rejects with BackendError. */
  ping(abandonment: Abandonment): Promise<unknown>;
  /** State of each connection. */
  states(): LaneState[];
  /** Called when some keys may have another server. Returns a function that removes the listener. */
  onTopology(listener: () => void): () => void;
  close(): void;
}

/** One server at a time, over at least one connection. */
export function oneServer(
  connections: readonly RedisConnection[],
  options: { readonly keepsOrder: boolean; readonly finder?: MasterFinder | undefined },
): Servers {
  const lanes = connections.map((connection) => new Lane(connection));
  const topology = new Topology();
  for (const lane of lanes) lane.onBack(topology.changed);
  const stopListening = options.finder?.onMove(topology.changed);
  return {
    keepsOrder: options.keepsOrder,
    send: (key, abandonment, patient, send) => laneOf(lanes, key).send(abandonment, patient, send),
    ping: (abandonment) => Promise.all(lanes.map((lane) => lane.ping(abandonment))),
    states: () => lanes.map((lane) => lane.state),
    onTopology: (listener) => topology.listen(listener),
    close() {
      for (const lane of lanes) lane.close();
      stopListening?.();
      topology.close();
    },
  };
}
