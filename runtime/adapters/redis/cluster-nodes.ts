// The nodes of a Redis Cluster: a connection to each that was needed, and the map of slots, read again when it is wrong.
import { Abandonment } from '../../backend/abandonment.ts';
import { BackendError } from '../../backend/backend-error.ts';
import { classifyRedisError } from './classify-redis-error.ts';
import type { ClusterPlan } from './cluster-servers.ts';
import { Lane, laneOf } from './lane.ts';
import type { ServerPlace } from './master-finder.ts';
import { openConnection } from './own-connection.ts';
import { addressOf } from './redis-login.ts';
import { placeName, SlotMap } from './slot-map.ts';
import { Topology } from './topology.ts';

/** Nodes that are asked for the map at the same time; the first answer counts. */
const ASKED_AT_ONCE = 4;
const ANSWER_MS = 1000;
/** A node that is away is no reason to ask the others with every command. */
const APART_MS = 100;

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

  /** Rejects with BackendError when nobody can say. */
  async ownerOf(slot: number): Promise<ServerPlace> {
    const known = this.map.ownerOf(slot);
    if (known !== undefined) return known;
    await this.refreshSoon();
    const owner = this.map.ownerOf(slot);
    if (owner !== undefined) return owner;
    throw new BackendError('transient', 'The Redis Cluster does not serve all slots.');
  }

  laneOf(place: ServerPlace, key: string): Lane {
    return laneOf(this.#lanesOf(place), key);
  }

  lanes(): Lane[] {
    return [...this.#lanes.values()].flat();
  }

  masterLanes(): Lane[] {
    return this.map.masters.flatMap((place) => this.#lanesOf(place));
  }

  move(slot: number, to: ServerPlace): void {
    this.map.move(slot, to);
    this.#topology.changed();
    // Others have moved as well, as a rule. Nobody waits for it.
    this.refreshSoon().catch(() => undefined);
  }

  /** As `refresh`, unless it was done a moment ago. */
  refreshSoon(): Promise<void> {
    const isDue = performance.now() - this.#refreshedAtMs >= APART_MS;
    return isDue || this.#refreshing !== undefined ? this.refresh() : Promise.resolve();
  }

  /** Rejects with BackendError when no node answers. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#readMap().finally(() => {
      this.#refreshing = undefined;
      this.#refreshedAtMs = performance.now();
    });
    return this.#refreshing;
  }

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
    // In turn: one that takes commands and does not answer is not asked first for ever.
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
      const answer = lane.send(abandonment, false, (client) => client.callBuffer('CLUSTER', 'SLOTS'));
      return [await Promise.race([answer, late]), place];
    } finally {
      clearTimeout(timer);
    }
  }

  /** Nodes that left, and seeds under names that the cluster does not use itself. */
  #forgetOthers(): void {
    const names = new Set(this.map.masters.map(placeName));
    for (const [name, lanes] of this.#lanes) {
      if (names.has(name) || lanes.some((lane) => lane.state === 'busy')) continue;
      this.#lanes.delete(name);
      for (const lane of lanes) lane.close();
    }
  }
}

/** Of several nodes that refused: that they were refused our login says more than that one is away. */
function worstOf(error: unknown): BackendError {
  const all = (error instanceof AggregateError ? error.errors : [error]).map(classifyRedisError);
  return all.find(({ kind }) => kind === 'auth') ?? all[0] ?? classifyRedisError(error);
}
