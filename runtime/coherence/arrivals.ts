// Delays the acknowledgement of an invalidation until the process has applied its own record, so that a function started
// right after it is not taken for older than the record.
import type { Clock } from '../config/clock.ts';
import { OWN_RECORD_WAIT_MS } from './constants.ts';

interface Arrival {
  readonly position: number;
  readonly end: () => void;
}

/** The waits of one process for positions of the log. */
export class Arrivals {
  readonly #clock: Clock;
  readonly #waiting = new Set<Arrival>();
  #head = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `done` once: when the head has reached the position, or after OWN_RECORD_WAIT_MS. */
  wait(position: number, done: () => void): void {
    if (this.#head >= position) return done();
    const cancel = this.#clock.setTimer(() => arrival.end(), OWN_RECORD_WAIT_MS);
    const arrival: Arrival = {
      position,
      end: () => {
        cancel();
        this.#waiting.delete(arrival);
        done();
      },
    };
    this.#waiting.add(arrival);
  }

  /** Takes the head of the process, each time it may have moved. */
  headIs(head: number): void {
    this.#head = head;
    for (const arrival of this.#waiting) if (arrival.position <= head) arrival.end();
  }

  /** Ends all waits. */
  close(): void {
    for (const arrival of this.#waiting) arrival.end();
  }
}
