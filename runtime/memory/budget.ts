// The memory budget of one namespace: evicts entries beyond its limits by second chance (CLOCK). A hit only marks its
// entry, so the hot path never calls the budget.
import type { Clock } from '../config/clock.ts';
import { EntryOrder } from './entry-order.ts';
import type { MemoryEntry } from './memory-entry.ts';

/** Limits of one budget. */
export interface BudgetLimits {
  readonly maxBytes: number;
  /** Infinity: only the bytes are limited. */
  readonly maxEntries: number;
}

/** Interval of the sweep. It removes expired entries, and the promises of entries not hit since the last sweep. */
const SWEEP_EVERY_MS = 30_000;
/** Entries per slice of a sweep: about 0.2 ms. */
const SWEEP_SLICE = 2_000;
/** Hit entries that one insert may spare before it evicts the oldest entry anyway. Bounds the cost of an insert. */
const SECOND_CHANCES = 256;

/** The entries of one namespace, oldest first, within its limits. */
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

  /** Adds an entry, and evicts others if needed. False: the entry alone exceeds the limits. */
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

  /** Evicts from the oldest on. An entry that was hit since the last look becomes the newest instead. */
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

  /** Collects the hits of the entry and makes it the newest. False if it had none. */
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

  /** Stops the timer and lets go of all entries; their sites keep them. */
  dispose(): void {
    this.#order.clear();
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }
}
