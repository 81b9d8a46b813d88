// When the process last had contact with the registry, and what it may still serve without it.
import type { Clock } from '../config/clock.ts';
import { publish } from '../observe/publish.ts';
import { CONTACT_MS } from './constants.ts';

/** What `Contact` needs. */
export interface ContactOptions {
  readonly clock: Clock;
  /** Shown in events. */
  readonly backend: string;
  /** How long a process without contact continues to serve. */
  readonly offlineMs: number;
  /** The registry is in this process, so there is always contact. */
  readonly isLocal: boolean;
  /** `offlineMs` have passed without contact: what was made before must not be served any more. */
  readonly onExpired: () => void;
}

/** The contact of one process with the registry. */
export class Contact {
  readonly #options: ContactOptions;
  /** By the monotonic clock, which also counts the time while the process is stopped. */
  #lastMs = Number.NEGATIVE_INFINITY;
  #startedMs = 0;
  #isDown = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: ContactOptions) {
    this.#options = options;
  }

  /** Begins to watch the contact. */
  start(): void {
    if (this.#options.isLocal) {
      this.#lastMs = Number.POSITIVE_INFINITY;
      return;
    }
    this.#startedMs = this.#options.clock.monotonicMs();
    this.#arm();
  }

  /**
   * The registry has answered a request sent at `atMs`. The time of the request counts, not that of the answer: the
   * answer may have lain unread while the process was stopped.
   */
  heard(atMs: number): void {
    this.#lastMs = Math.max(this.#lastMs, atMs);
    if (!this.#isDown || this.isCutOff()) return;
    this.#isDown = false;
    this.#cancelTimer?.();
    this.#arm();
    this.#publish('up');
  }

  /** Nothing was heard for CONTACT_MS, or nothing yet. */
  isCutOff(): boolean {
    return this.#options.clock.monotonicMs() - this.#lastMs > CONTACT_MS;
  }

  /** Until when entries may be served without further contact, monotonic ms. Minus infinity before the first contact. */
  serveUntilMs(): number {
    return this.#lastMs + this.#options.offlineMs;
  }

  /** Stops watching. */
  close(): void {
    this.#cancelTimer?.();
  }

  #arm(): void {
    const { clock } = this.#options;
    const dueMs = Math.max(this.#lastMs, this.#startedMs) + CONTACT_MS + 1;
    this.#cancelTimer = clock.setTimer(() => this.#look(dueMs), Math.max(0, dueMs - clock.monotonicMs()));
  }

  #look(dueMs: number): void {
    if (this.#lastMs + CONTACT_MS + 1 > dueMs) return this.#arm();
    this.#isDown = true;
    this.#publish('down');
    this.#armExpiry();
  }

  #armExpiry(): void {
    const { clock, offlineMs, onExpired } = this.#options;
    const dueMs = Math.max(this.#lastMs, this.#startedMs) + offlineMs;
    this.#cancelTimer = clock.setTimer(onExpired, Math.max(0, dueMs - clock.monotonicMs()));
  }

  #publish(state: 'up' | 'down'): void {
    publish('cachekit:state', { subject: 'bus', backend: this.#options.backend, state });
  }
}
