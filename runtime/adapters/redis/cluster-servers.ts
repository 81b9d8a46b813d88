// A Redis Cluster: commands go to the master of their key's slot, over connections that we own and drive like any other.
import type { Abandonment } from '../../backend/abandonment.ts';
import { BackendError } from '../../backend/backend-error.ts';
import { classifyRedisError } from './classify-redis-error.ts';
import type { ConnectionPlan } from './client-options.ts';
import { ClusterNodes } from './cluster-nodes.ts';
import { hashSlot } from './hash-slot.ts';
import type { LaneState, Send } from './lane.ts';
import type { ServerPlace } from './master-finder.ts';
import { asking, redirectionOf, type Redirection } from './redirection.ts';
import type { RedisLike } from './redis-like.ts';
import type { RedisLogin } from './redis-login.ts';
import type { Servers } from './servers.ts';
import { placeName } from './slot-map.ts';

export interface ClusterPlan extends Pick<ConnectionPlan, 'times' | 'isBackground'> {
  /** Any nodes of it; the others are found through them. */
  readonly seeds: readonly ServerPlace[];
  readonly login: RedisLogin;
  /** Connections per node. */
  readonly connections: number;
}

const MOST_REDIRECTIONS = 5;
/** While a slot is moved; the caller's deadline ends it before. */
const WAIT_MS = 50;
const MOST_WAITS = 60;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class ClusterServers implements Servers {
  readonly keepsOrder = false;
  readonly #nodes: ClusterNodes;

  constructor(plan: ClusterPlan) {
    this.#nodes = new ClusterNodes(plan);
  }

  async send(key: string, abandonment: Abandonment, patient: boolean, send: Send): Promise<unknown> {
    const slot = hashSlot(key);
    let asked: ServerPlace | undefined;
    for (let [moves, waits] = [0, 0]; ;) {
      const place = asked ?? (await this.#nodes.ownerOf(slot));
      let told: Redirection | undefined;
      const listen = async (client: RedisLike): Promise<unknown> => {
        try {
          return await send(asked === undefined ? client : asking(client));
        } catch (error) {
          told = redirectionOf(error, place);
          throw error;
        }
      };
      try {
        return await this.#nodes.laneOf(place, key).send(abandonment, patient, listen);
      } catch (error) {
        const isLast = told?.kind === 'wait' ? ++waits > MOST_WAITS : ++moves > MOST_REDIRECTIONS;
        asked = told?.kind === 'ask' ? told.to : undefined;
        const canGoOn = await this.#follow(told, slot, place, error);
        if (!canGoOn || isLast || abandonment.isGivenUp) throw classifyRedisError(error);
      }
    }
  }

  async ping(abandonment: Abandonment): Promise<void> {
    // The map first: a node that is away may have been replaced.
    await this.#nodes.refresh();
    const lanes = this.#nodes.masterLanes();
    await Promise.all(lanes.map((lane) => lane.ping(abandonment)));
  }

  states(): LaneState[] {
    return this.#nodes.lanes().map((lane) => lane.state);
  }

  onTopology(listener: () => void): () => void {
    return this.#nodes.onTopology(listener);
  }

  close(): void {
    this.#nodes.close();
  }

  /** True: there is something to try. */
  async #follow(
    told: Redirection | undefined,
    slot: number,
    place: ServerPlace,
    error: unknown,
  ): Promise<boolean> {
    if (told?.kind === 'ask') return true;
    if (told?.kind === 'moved') {
      this.#nodes.move(slot, told.to);
      return true;
    }
    if (told?.kind === 'wait') {
      await pause(WAIT_MS);
      return true;
    }
    if (!(error instanceof BackendError) || error.kind === 'permanent' || error.kind === 'auth') return false;
    // The node cannot be reached, or does not serve: somebody else may have its slots by now.
    await this.#nodes.refreshSoon().catch(() => undefined);
    const now = this.#nodes.map.ownerOf(slot);
    return now !== undefined && placeName(now) !== placeName(place);
  }
}

/** Connects at first use, never before. */
export function clusterServers(plan: ClusterPlan): Servers {
  return new ClusterServers(plan);
}
