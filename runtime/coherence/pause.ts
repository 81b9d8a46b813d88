// A wait that can be cut short. Nothing keeps the process alive for it.
import type { Clock } from '../config/clock.ts';

export class Pause {
  readonly #clock: Clock;
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One at a time. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.setTimer(() => this.end(), delayMs);
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }

  end(): void {
    const end = this.#end;
    this.#end = undefined;
    end?.();
  }
}
