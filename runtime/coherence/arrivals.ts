// Waits a moment until the log has come as far as a position: then a load that starts is not older than the record.
import type { Clock } from '../config/clock.ts';
import { OWN_RECORD_WAIT_MS } from './constants.ts';

interface Arrival {
  readonly position: number;
  readonly end: () => void;
}

export class Arrivals {
  readonly #clock: Clock;
  readonly #waiting = new Set<Arrival>();
  #head = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `done` is called once: when the head is there, or after a moment. */
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

  /** The head of the process, each time it has moved. */
  headIs(head: number): void {
    this.#head = head;
    for (const arrival of this.#waiting) if (arrival.position <= head) arrival.end();
  }

  close(): void {
    for (const arrival of this.#waiting) arrival.end();
  }
}
