// A Redis Cluster: sends each command to the master of its key's slot and follows redirections, over connections of
// ours.
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

/** How to connect to a cluster. */
export interface ClusterPlan extends Pick<ConnectionPlan, 'times' | 'isBackground'> {
  /** Some nodes of the cluster, from which the others are learned. At least one. */
  readonly seeds: readonly ServerPlace[];
  readonly login: RedisLogin;
  /** Connections per node. */
  readonly connections: number;
}

const MOST_REDIRECTIONS = 5;
/** Pause before a command is sent again while its slot is being moved. */
const WAIT_MS = 50;
/** 3 s in all; the caller's deadline usually comes first. */
const MOST_WAITS = 60;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class ClusterServers implements Servers {
  readonly keepsOrder = false;
  readonly #nodes: ClusterNodes;

  constructor(plan: ClusterPlan) {
    this.#nodes = new ClusterNodes(plan);
  }

  async send<T>(key: string, abandonment: Abandonment, patient: boolean, send: Send<T>): Promise<T> {
    const slot = hashSlot(key);
    /** Node that an ASK reply named: for the next attempt only. */
    let askedNode: ServerPlace | undefined;
    let redirections = 0;
    let waits = 0;
    for (;;) {
      const place = askedNode ?? (await this.#nodes.ownerOf(slot));
      let redirection: Redirection | undefined;
      // The lane classifies errors, so the redirection is read from the original one, in here.
      const sendHere = async (client: RedisLike): Promise<T> => {
        try {
          return await send(askedNode === undefined ? client : asking(client));
        } catch (error) {
          redirection = redirectionOf(error, place);
          throw error;
        }
      };
      try {
        return await this.#nodes.laneOf(place, key).send(abandonment, patient, sendHere);
      } catch (error) {
        const isLast =
          redirection?.kind === 'wait' ? ++waits > MOST_WAITS : ++redirections > MOST_REDIRECTIONS;
        askedNode = redirection?.kind === 'ask' ? redirection.to : undefined;
        const canRetry = await this.#follow(redirection, slot, place, error);
        if (!canRetry || isLast || abandonment.isGivenUp) throw classifyRedisError(error);
      }
    }
  }

  async ping(abandonment: Abandonment): Promise<void> {
    // The map first: a node that is down may have been replaced.
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

  /** Prepares for another attempt. False: another attempt would fail in the same way. */
  async #follow(
    redirection: Redirection | undefined,
    slot: number,
    place: ServerPlace,
    error: unknown,
  ): Promise<boolean> {
    if (redirection?.kind === 'ask') return true;
    if (redirection?.kind === 'moved') {
      this.#nodes.move(slot, redirection.to);
      return true;
    }
    if (redirection?.kind === 'wait') {
      await pause(WAIT_MS);
      return true;
    }
    if (!(error instanceof BackendError) || error.kind === 'permanent' || error.kind === 'auth') return false;
    // The node cannot be reached or does not serve: another one may own its slots by now.
    await this.#nodes.refreshSoon().catch(() => undefined);
    const now = this.#nodes.map.ownerOf(slot);
    return now !== undefined && placeName(now) !== placeName(place);
  }
}

/** Connects at the first command, not before. */
export function clusterServers(plan: ClusterPlan): Servers {
  return new ClusterServers(plan);
}
