// Bytes and entries of one namespace. The hot path never calls it: hits only leave a mark.
import type { Clock } from '../config/clock.ts';
import { EntryOrder } from './entry-order.ts';
import type { MemoryEntry } from './memory-entry.ts';

export interface BudgetLimits {
  readonly maxBytes: number;
  /** Infinity: only bytes count. */
  readonly maxEntries: number;
}

/** Between two looks at everything: expired entries go, and promises nobody asked for since the last look. */
const SWEEP_EVERY_MS = 30_000;
/** Entries per slice of a sweep: about 0.2 ms. */
const SWEEP_SLICE = 2_000;
/** Marked entries that one insert may move to the front before the oldest is evicted anyway. */
const SECOND_CHANCES = 256;

export class MemoryBudget {
  readonly limits: BudgetLimits;
  readonly #order = new EntryOrder();
  readonly #clock: Clock;
  readonly #nowTick: () => number;
  #cancelSweep: (() => void) | undefined;

  constructor(limits: BudgetLimits, clock: Clock, nowTick: () => number) {
    this.limits = limits;
    this.#clock = clock;
    this.#nowTick = nowTick;
  }

  get sizeBytes(): number {
    return this.#order.sizeBytes;
  }

  get entries(): number {
    return this.#order.size;
  }

  /** False: larger than everything this budget may hold. Evicts what was not hit lately. */
  add(entry: MemoryEntry): boolean {
    if (entry.sizeBytes > this.limits.maxBytes || this.limits.maxEntries < 1) return false;
    this.#makeRoom(entry.sizeBytes);
    this.#order.add(entry);
    this.#cancelSweep ??= this.#arm();
    return true;
  }

  has(entry: MemoryEntry): boolean {
    return this.#order.has(entry);
  }

  remove(entry: MemoryEntry): void {
    this.#order.remove(entry);
  }

  /** The oldest goes; one that was hit since the last look moves to the front instead. */
  #makeRoom(incomingBytes: number): void {
    let chances = SECOND_CHANCES;
    while (this.#isFull(incomingBytes)) {
      const { oldest } = this.#order;
      if (oldest === undefined) return;
      if (chances > 0 && this.#takeMark(oldest)) chances--;
      else this.#evict(oldest);
    }
  }

  #isFull(incomingBytes: number): boolean {
    return (
      this.#order.sizeBytes + incomingBytes > this.limits.maxBytes ||
      this.#order.size >= this.limits.maxEntries
    );
  }

  #takeMark(entry: MemoryEntry): boolean {
    if (entry.hits === 0) return false;
    entry.owner.collectHits(entry);
    this.#order.remove(entry);
    this.#order.add(entry);
    return true;
  }

  #evict(entry: MemoryEntry): void {
    this.#order.remove(entry);
    entry.owner.evict(entry);
  }

  #sweep(): void {
    const all = [...this.#order];
    let at = 0;
    const slice = (): void => {
      const now = this.#nowTick();
      for (const end = Math.min(at + SWEEP_SLICE, all.length); at < end; at++) {
        const entry = all[at];
        if (entry !== undefined && this.#order.has(entry)) this.#lookAt(entry, now);
      }
      this.#cancelSweep =
        at < all.length ? this.#clock.setTimer(slice, 1) : this.#order.size > 0 ? this.#arm() : undefined;
    };
    slice();
  }

  #arm(): () => void {
    return this.#clock.setTimer(() => this.#sweep(), SWEEP_EVERY_MS);
  }

  #lookAt(entry: MemoryEntry, nowTick: number): void {
    if (entry.hard <= nowTick) this.#evict(entry);
    else if (!this.#takeMark(entry)) entry.out = undefined;
  }

  /** Stops the timer, and knows no entry any more: they are left to their sites. */
  dispose(): void {
    this.#order.clear();
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }
}
