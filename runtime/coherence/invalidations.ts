// The invalidations of this process on their way to the registry: a bounded queue, in which they are retried until they
// are acknowledged.
import type { AppendAnswer, LogPlace } from '../backend/log-capability.ts';
import type { Clock } from '../config/clock.ts';
import type { GuardedLog, GuardFailure } from '../reliability/guarded-backend.ts';
import { Acknowledgements, type Waiting } from './acknowledgements.ts';
import { Arrivals } from './arrivals.ts';
import { APPENDS_AT_ONCE, QUEUE_SIZE, REGISTRY_MAX, RING_SIZE } from './constants.ts';
import { newRecordId } from './record-id.ts';
import { retryMs } from './retry-ms.ts';
import type { Subject } from './view.ts';

/** What is invalidated. */
export interface Target {
  readonly kind: Subject;
  /** Backend key or group id. */
  readonly subject: string;
  /** The group invalidated instead of a key when the queue is full. undefined for keys invalidated by others. */
  readonly group: string | undefined;
  /** It is a redo of an invalidation that a failover may have lost. */
  readonly redone: boolean;
}

/** What `Invalidations` needs. */
export interface InvalidationsOptions {
  readonly log: GuardedLog;
  readonly clock: Clock;
  readonly random: () => number;
  /** undefined: the process must synchronise before it can send anything. */
  readonly place: () => (LogPlace & { readonly spareInc: number }) | undefined;
  /** Counts how often the server of some keys may have changed. If it changes during a delete, the delete may be lost. */
  readonly topology: () => number;
  /** An invalidation begins: the entries it covers are invalid from now on. Not called for a redo. */
  readonly onBegun: (target: Target) => void;
  /** Called once for each `onBegun`, when the invalidation has its record or is covered by another one. */
  readonly onSettled: (target: Target) => void;
  /** The registry has appended the record. False: it is not the registry that this process follows. */
  readonly onAppended: (target: Target, recordId: string, answer: AppendAnswer) => boolean;
  /** Too many invalidations wait: everything must become invalid, by another registry. `renewed` tells when it is. */
  readonly onOverflow: () => void;
}

/** An invalidation in the queue. */
interface Item {
  target: Target;
  /** How many calls of `onBegun` it has to settle. */
  begun: number;
  /** Callers that wait for it. */
  readonly waiting: Set<Waiting>;
}

const nameOf = ({ kind, subject }: Target): string => `${kind} ${subject}`;

/** The invalidations of one process. */
export class Invalidations {
  readonly arrivals: Arrivals;
  readonly #options: InvalidationsOptions;
  readonly #acknowledgements: Acknowledgements;
  /** Invalidations that are not being sent, oldest first. */
  readonly #queue = new Map<string, Item>();
  /** Invalidations that are being sent. */
  readonly #running = new Set<Item>();
  /** Callers that wait for another registry, after an overflow. */
  readonly #everything = new Set<Waiting>();
  /** Ids of the records that this process has tried to append. */
  readonly #ownIds = new Set<string>();
  #failures = 0;
  #cancelRetry: (() => void) | undefined;
  #onIdle: (() => void) | undefined;
  #isClosed = false;

  constructor(options: InvalidationsOptions) {
    this.#options = options;
    this.#acknowledgements = new Acknowledgements(options.clock);
    this.arrivals = new Arrivals(options.clock);
  }

  /** Whether this process made the record. */
  isOwn(recordId: string): boolean {
    return this.#ownIds.has(recordId);
  }

  /** Begins an invalidation. Resolves to true when it is acknowledged, to false if not in time. Never rejects. */
  add(target: Target): Promise<boolean> {
    if (!target.redone) this.#options.onBegun(target);
    if (this.#isClosed) return Promise.resolve(false);
    const item = this.#put({ target, begun: target.redone ? 0 : 1, waiting: new Set() });
    const waiting = this.#acknowledgements.wait((ended) => {
      item.waiting.delete(ended);
      this.#everything.delete(ended);
    });
    item.waiting.add(waiting);
    if (this.#queue.size > QUEUE_SIZE) this.#shrink();
    this.#send();
    return waiting.promise;
  }

  /** Begins a redo, for which nobody waits. */
  redo(kind: Subject, subject: string): void {
    if (this.#isClosed) return;
    this.#put({ target: { kind, subject, group: undefined, redone: true }, begun: 0, waiting: new Set() });
    if (this.#queue.size > QUEUE_SIZE) this.#shrink();
    this.#send();
  }

  /** The registry is reachable: sends the queue without further delay. */
  wake(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#send();
  }

  /** The registry that `onOverflow` asked for is followed now. */
  renewed(): void {
    for (const waiting of this.#everything) waiting.settle(true);
    this.#endIfIdle();
  }

  /** Sends the queue. Resolves when nothing waits any more. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.wake();
      this.#endIfIdle();
    });
  }

  /** Drops the queue. Every waiting caller gets false. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    const items = [...this.#queue.values(), ...this.#running];
    this.#queue.clear();
    for (const item of items) for (const waiting of item.waiting) waiting.settle(false);
    for (const waiting of this.#everything) waiting.settle(false);
    this.arrivals.close();
  }

  /** Queues the item, or merges it into the queued one of the same subject, whose record will cover both. */
  #put(item: Item): Item {
    const name = nameOf(item.target);
    const queued = this.#queue.get(name);
    if (queued === undefined) {
      this.#queue.set(name, item);
      return item;
    }
    queued.begun += item.begun;
    for (const waiting of item.waiting) if (!waiting.isOver) queued.waiting.add(waiting);
    if (queued.target.redone || queued.target.group === undefined) queued.target = item.target;
    return queued;
  }

  /** Sends from the queue as much as may be sent now. */
  #send(): void {
    while (this.#cancelRetry === undefined && this.#running.size < APPENDS_AT_ONCE && !this.#isClosed) {
      const [next] = this.#queue;
      if (next === undefined) return;
      const place = this.#options.place();
      if (place === undefined) return;
      this.#queue.delete(next[0]);
      void this.#append(next[1], place);
    }
  }

  async #append(item: Item, place: LogPlace & { readonly spareInc: number }): Promise<void> {
    const { log, topology } = this.#options;
    const { kind, subject, redone } = item.target;
    this.#running.add(item);
    const recordId = this.#newId();
    const request = { ...place, recordId, subject, redone, registryMax: REGISTRY_MAX };
    const before = topology();
    const result = await (kind === 'key' ? log.appendKey(request) : log.appendGroup(request));
    this.#running.delete(item);
    if (this.#isClosed) return;
    if (!result.ok) this.#failed(item, result.failure);
    else if (kind === 'key' && topology() !== before) this.#put(item);
    else if (!isSane(result.value)) this.#failed(item, 'permanent');
    else this.#appended(item, recordId, result.value);
    this.#send();
    this.#endIfIdle();
  }

  #appended(item: Item, recordId: string, answer: AppendAnswer): void {
    let isKnown: boolean;
    try {
      isKnown = this.#options.onAppended(item.target, recordId, answer);
    } catch {
      // The listener failed: the invalidation is appended and reported once more.
      return this.#failed(item, 'transient');
    }
    if (isKnown) this.#done(item, answer);
    else this.#put(item);
  }

  #done(item: Item, answer: AppendAnswer): void {
    this.#failures = 0;
    this.#settle(item);
    // The item is out of the queue: a caller that invalidates the same subject from now on waits for another record.
    this.arrivals.wait(answer.position, () => {
      for (const waiting of item.waiting) waiting.settle(true);
    });
  }

  #failed(item: Item, failure: GuardFailure): void {
    this.#put(item);
    const { clock, random } = this.#options;
    this.#cancelRetry ??= clock.setTimer(() => this.wake(), retryMs(this.#failures++, failure, random));
  }

  #settle(item: Item): void {
    for (; item.begun > 0; item.begun--) this.#options.onSettled(item.target);
  }

  /** Replaces single keys by their functions. If that is not enough, everything becomes invalid. */
  #shrink(): void {
    for (const [name, item] of this.#queue) {
      const { kind, group } = item.target;
      if (kind !== 'key' || group === undefined) continue;
      this.#queue.delete(name);
      const target: Target = { kind: 'group', subject: group, group, redone: false };
      const isNew = !this.#queue.has(nameOf(target));
      if (isNew) this.#options.onBegun(target);
      this.#put({ target, begun: isNew ? 1 : 0, waiting: item.waiting });
      this.#settle(item);
    }
    // Half the limit: just below the limit, every further invalidation would have to shrink the queue again.
    if (this.#queue.size <= QUEUE_SIZE / 2) return;
    const items = [...this.#queue.values()];
    this.#queue.clear();
    for (const item of items) for (const waiting of item.waiting) this.#everything.add(waiting);
    this.#options.onOverflow();
    for (const item of items) this.#settle(item);
  }

  #newId(): string {
    const recordId = newRecordId();
    this.#ownIds.add(recordId);
    for (const oldest of this.#ownIds) {
      if (this.#ownIds.size <= RING_SIZE) break;
      this.#ownIds.delete(oldest);
    }
    return recordId;
  }

  #endIfIdle(): void {
    const isIdle = this.#queue.size === 0 && this.#running.size === 0 && this.#everything.size === 0;
    if (isIdle) this.#onIdle?.();
  }
}

function isSane({ inc, previous, position }: AppendAnswer): boolean {
  return [inc, previous, position].every(Number.isSafeInteger) && previous < position;
}
