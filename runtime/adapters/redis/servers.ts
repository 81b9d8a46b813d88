// Port: where commands go. One server, one that moves (Sentinel), several (Cluster), or a client of the application.
import type { Abandonment } from '../../backend/abandonment.ts';
import { Lane, laneOf, type LaneState, type Send } from './lane.ts';
import type { MasterFinder } from './master-finder.ts';
import type { RedisConnection } from './redis-connection.ts';
import { Topology } from './topology.ts';

export interface Servers {
  /**
   * Commands for keys of one slot, sent where `key` lives; those of the same key in the order of their sending.
   * `patient`: waits for the connection. Rejects with BackendError.
   */
  send(key: string, abandonment: Abandonment, patient: boolean, send: Send): Promise<unknown>;
  /** Commands given in one go are done in that order, or the later ones fail as well. Not so in a cluster. */
  readonly keepsOrder: boolean;
  /** Waits for connections to come back. Rejects with BackendError. */
  ping(abandonment: Abandonment): Promise<unknown>;
  states(): LaneState[];
  /** Called when the server of some keys may have become another one. Returns the way out. */
  onTopology(listener: () => void): () => void;
  close(): void;
}

/** One server at a time; at least one connection. */
export function oneServer(
  connections: readonly RedisConnection[],
  options: { readonly keepsOrder: boolean; readonly finder?: MasterFinder | undefined },
): Servers {
  const lanes = connections.map((connection) => new Lane(connection));
  const topology = new Topology();
  for (const lane of lanes) lane.onBack(topology.changed);
  const leave = options.finder?.onMove(topology.changed);
  return {
    keepsOrder: options.keepsOrder,
    send: (key, abandonment, patient, send) => laneOf(lanes, key).send(abandonment, patient, send),
    ping: (abandonment) => Promise.all(lanes.map((lane) => lane.ping(abandonment))),
    states: () => lanes.map((lane) => lane.state),
    onTopology: (listener) => topology.listen(listener),
    close() {
      for (const lane of lanes) lane.close();
      leave?.();
      topology.close();
    },
  };
}
