// Invalidations of this process on their way to the registry: retried until acknowledged, in a queue with a limit.
import type { AppendAnswer, LogPlace } from '../backend/log-capability.ts';
import type { Clock } from '../config/clock.ts';
import type { GuardedLog, GuardFailure } from '../reliability/guarded-backend.ts';
import { Acknowledgements, type Waiting } from './acknowledgements.ts';
import { Arrivals } from './arrivals.ts';
import { APPENDS_AT_ONCE, QUEUE_SIZE, REGISTRY_MAX, RING_SIZE } from './constants.ts';
import { newRecordId } from './record-id.ts';
import { retryMs } from './retry-ms.ts';
import type { Subject } from './view.ts';

export interface Target {
  readonly kind: Subject;
  /** Stored key or group id. */
  readonly subject: string;
  /** The group that stands for a key where there is no room for keys. Unknown of what others invalidated. */
  readonly group: string | undefined;
  readonly redone: boolean;
}

export interface InvalidationsOptions {
  readonly log: GuardedLog;
  readonly clock: Clock;
  readonly random: () => number;
  /** Undefined: not synchronised, or about to be again. */
  readonly place: () => (LogPlace & { readonly spareInc: number }) | undefined;
  /** Counts how often servers of keys may have changed: deletes before and after it are on different ones. */
  readonly topology: () => number;
  /** Not called for what is redone: from now on the entries it covers are invalid. */
  readonly onBegun: (target: Target) => void;
  /** Once for each `onBegun`. */
  readonly onSettled: (target: Target) => void;
  /** The registry has it. False: that registry is not the one this process follows. */
  readonly onAppended: (target: Target, recordId: string, answer: AppendAnswer) => boolean;
  /** Too many to name them: everything is to become invalid, by another registry. `renewed` says when it is. */
  readonly onOverflow: () => void;
}

interface Item {
  target: Target;
  begun: number;
  readonly waiting: Set<Waiting>;
}

const nameOf = ({ kind, subject }: Target): string => `${kind} ${subject}`;

export class Invalidations {
  readonly arrivals: Arrivals;
  readonly #options: InvalidationsOptions;
  readonly #acknowledgements: Acknowledgements;
  /** Not on their way, oldest first. */
  readonly #queue = new Map<string, Item>();
  readonly #running = new Set<Item>();
  /** Who waits for another registry. */
  readonly #everything = new Set<Waiting>();
  /** Names of records this process has tried to make. */
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

  isOwn(recordId: string): boolean {
    return this.#ownIds.has(recordId);
  }

  /** Resolves to true when it is acknowledged, to false when it is not so yet. Never rejects. */
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

  /** Nobody waits for it. */
  redo(kind: Subject, subject: string): void {
    if (this.#isClosed) return;
    this.#put({ target: { kind, subject, group: undefined, redone: true }, begun: 0, waiting: new Set() });
    if (this.#queue.size > QUEUE_SIZE) this.#shrink();
    this.#send();
  }

  /** The registry answers: what waits is sent now. */
  wake(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#send();
  }

  /** The registry is another one, made for the sake of `onOverflow`. */
  renewed(): void {
    for (const waiting of this.#everything) waiting.settle(true);
    this.#endIfIdle();
  }

  /** Resolves when nothing waits any more. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.wake();
      this.#endIfIdle();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    const items = [...this.#queue.values(), ...this.#running];
    this.#queue.clear();
    for (const item of items) for (const waiting of item.waiting) waiting.settle(false);
    for (const waiting of this.#everything) waiting.settle(false);
    this.arrivals.close();
  }

  /** Into the queue, or to the one that waits there for the same subject: its record will cover both. */
  #put(item: Item): Item {
    const name = nameOf(item.target);
    const there = this.#queue.get(name);
    if (there === undefined) {
      this.#queue.set(name, item);
      return item;
    }
    there.begun += item.begun;
    for (const waiting of item.waiting) if (!waiting.isOver) there.waiting.add(waiting);
    if (there.target.redone || there.target.group === undefined) there.target = item.target;
    return there;
  }

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
    else if (kind === 'key' && topology() !== before) this.#again(item);
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
      // Whoever listens has failed: the record is made again, and told again.
      return this.#failed(item, 'transient');
    }
    if (isKnown) this.#done(item, answer);
    else this.#again(item);
  }

  #done(item: Item, answer: AppendAnswer): void {
    this.#failures = 0;
    this.#settle(item);
    // A set of its own: whoever joins the subject from now on waits for another record.
    this.arrivals.wait(answer.position, () => {
      for (const waiting of item.waiting) waiting.settle(true);
    });
  }

  #again(item: Item): void {
    this.#put(item);
  }

  #failed(item: Item, failure: GuardFailure): void {
    this.#put(item);
    const { clock, random } = this.#options;
    this.#cancelRetry ??= clock.setTimer(() => this.wake(), retryMs(this.#failures++, failure, random));
  }

  #settle(item: Item): void {
    for (; item.begun > 0; item.begun--) this.#options.onSettled(item.target);
  }

  /** Single keys become their function. If that is not enough, everything becomes invalid. */
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
    // Not the limit itself: the next ones would come back here one by one.
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
