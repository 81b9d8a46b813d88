// When the registry was last heard of, and what that means for what this process may serve.
import type { Clock } from '../config/clock.ts';
import { publish } from '../observe/publish.ts';
import { CONTACT_MS } from './constants.ts';

export interface ContactOptions {
  readonly clock: Clock;
  /** Shown in events. */
  readonly backend: string;
  readonly offlineMs: number;
  /** The registry is in this process: there is always contact. */
  readonly isLocal: boolean;
  /** Cut off for so long that what was made before must not be served any more. */
  readonly onExpired: () => void;
}

export class Contact {
  readonly #options: ContactOptions;
  /** Monotonic: it runs on while the process is stopped. */
  #lastMs = Number.NEGATIVE_INFINITY;
  #startedMs = 0;
  #isDown = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: ContactOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.isLocal) {
      this.#lastMs = Number.POSITIVE_INFINITY;
      return;
    }
    this.#startedMs = this.#options.clock.monotonicMs();
    this.#arm();
  }

  /** A question sent at `atMs` was answered: the answer may have lain unread for as long as the process was stopped. */
  heard(atMs: number): void {
    this.#lastMs = Math.max(this.#lastMs, atMs);
    if (!this.#isDown || this.isCutOff()) return;
    this.#isDown = false;
    this.#cancelTimer?.();
    this.#arm();
    this.#publish('up');
  }

  isCutOff(): boolean {
    return this.#options.clock.monotonicMs() - this.#lastMs > CONTACT_MS;
  }

  /** Monotonic ms. Minus infinity before the first contact. */
  serveUntilMs(): number {
    return this.#lastMs + this.#options.offlineMs;
  }

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
