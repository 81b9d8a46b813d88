// The nodes of a Redis Cluster: connections to those that were needed, and the slot map, read again when it is wrong.
import { Abandonment } from '../../backend/abandonment.ts';
import { BackendError } from '../../backend/backend-error.ts';
import { classifyRedisError } from './classify-redis-error.ts';
import type { ClusterPlan } from './cluster-servers.ts';
import { Lane, laneOf } from './lane.ts';
import type { ServerPlace } from './master-finder.ts';
import { openConnection } from './own-connection.ts';
import { addressOf } from './redis-login.ts';
import { listOf, replyAs } from './replies.ts';
import { placeName, SlotMap } from './slot-map.ts';
import { Topology } from './topology.ts';

/** Number of nodes that are asked for the slot map at the same time; the first answer counts. */
const ASKED_AT_ONCE = 4;
/** How long to wait for the answer of a node. */
const ANSWER_MS = 1000;
/** Least time between two readings of the map, so that a node that is down does not cause one per command. */
const REFRESH_APART_MS = 100;

/** Finds the node for a slot and the connection to a node. */
export class ClusterNodes {
  readonly map = new SlotMap();
  readonly #plan: ClusterPlan;
  readonly #lanes = new Map<string, readonly Lane[]>();
  readonly #topology = new Topology();
  #refreshing: Promise<void> | undefined;
  #refreshedAtMs = -Infinity;
  #turn = 0;
  #isClosed = false;

  constructor(plan: ClusterPlan) {
    this.#plan = plan;
  }

  /** The master that owns the slot. Rejects with BackendError when no node can say. */
  async ownerOf(slot: number): Promise<ServerPlace> {
    const known = this.map.ownerOf(slot);
    if (known !== undefined) return known;
    await this.refreshSoon();
    const owner = this.map.ownerOf(slot);
    if (owner !== undefined) return owner;
    throw new BackendError('transient', 'The Redis Cluster does not serve all slots.');
  }

  /** The connection to this node for this key; made if needed. */
  laneOf(place: ServerPlace, key: string): Lane {
    return laneOf(this.#lanesOf(place), key);
  }

  /** All connections. */
  lanes(): Lane[] {
    return [...this.#lanes.values()].flat();
  }

  /** All connections to present masters; made if needed. */
  masterLanes(): Lane[] {
    return this.map.masters.flatMap((place) => this.#lanesOf(place));
  }

  /** Notes that a MOVED reply named a new owner, and reads the whole map in the background. */
  move(slot: number, to: ServerPlace): void {
    this.map.move(slot, to);
    this.#topology.changed();
    // Other slots have usually moved as well.
    this.refreshSoon().catch(() => undefined);
  }

  /** Reads the map unless that was done a moment ago. Rejects as `refresh`. */
  refreshSoon(): Promise<void> {
    const isDue = performance.now() - this.#refreshedAtMs >= REFRESH_APART_MS;
    return isDue || this.#refreshing !== undefined ? this.refresh() : Promise.resolve();
  }

  /** Reads the map; callers at the same time share one reading. Rejects with BackendError when no node answers. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#readMap().finally(() => {
      this.#refreshing = undefined;
      this.#refreshedAtMs = performance.now();
    });
    return this.#refreshing;
  }

  /** Called when some slots may have another server. Returns a function that removes the listener. */
  onTopology(listener: () => void): () => void {
    return this.#topology.listen(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#topology.close();
    for (const lane of this.lanes()) lane.close();
  }

  #lanesOf(place: ServerPlace): readonly Lane[] {
    const name = placeName(place);
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const { login, times, isBackground = false, connections } = this.#plan;
    const plan = { address: addressOf(login, place), times, isBackground };
    const made = Array.from({ length: connections }, () => new Lane(openConnection(plan)));
    for (const lane of made) {
      lane.onBack(this.#topology.changed);
      if (this.#isClosed) lane.close();
    }
    this.#lanes.set(name, made);
    return made;
  }

  async #readMap(): Promise<void> {
    const { seeds } = this.#plan;
    const known = [...this.map.masters, ...seeds];
    const turn = this.#turn++ % known.length;
    // Begins with another node each time, so that one that accepts commands and never answers does not stay first.
    const places = [...known.slice(turn), ...known.slice(0, turn)];
    const unique = [...new Map(places.map((place) => [placeName(place), place])).values()];
    try {
      const asks = unique.slice(0, ASKED_AT_ONCE).map((place) => this.#ask(place));
      const [reply, place] = await Promise.any(asks);
      if (this.map.read(reply, place)) this.#topology.changed();
    } catch (error) {
      throw worstOf(error);
    }
    this.#forgetOthers();
  }

  async #ask(place: ServerPlace): Promise<[reply: unknown, place: ServerPlace]> {
    const abandonment = new Abandonment();
    const timer = setTimeout(() => abandonment.giveUp(), ANSWER_MS).unref();
    const late = new Promise<never>((_, reject) =>
      abandonment.onGivenUp(() => reject(new BackendError('timeout', 'Redis did not answer in time.'))),
    );
    try {
      const lane = this.laneOf(place, '');
      const answer = lane.send(abandonment, false, (client) =>
        replyAs(client.callBuffer('CLUSTER', 'SLOTS'), (reply) => listOf(reply)),
      );
      return [await Promise.race([answer, late]), place];
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes idle connections to nodes that left, and to seeds whose names the cluster itself does not use. */
  #forgetOthers(): void {
    const names = new Set(this.map.masters.map(placeName));
    for (const [name, lanes] of this.#lanes) {
      if (names.has(name) || lanes.some((lane) => lane.state === 'busy')) continue;
      this.#lanes.delete(name);
      for (const lane of lanes) lane.close();
    }
  }
}

/** The failure to report when all nodes failed: a refused login, if there is one, else the first. */
function worstOf(error: unknown): BackendError {
  const all = (error instanceof AggregateError ? error.errors : [error]).map(classifyRedisError);
  return all.find(({ kind }) => kind === 'auth') ?? all[0] ?? classifyRedisError(error);
}
