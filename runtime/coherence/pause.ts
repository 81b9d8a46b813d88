// A delay that can be cut short. It does not keep the process alive.
import type { Clock } from '../config/clock.ts';

/** One delay at a time. */
export class Pause {
  readonly #clock: Clock;
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after the delay, or when `end` is called. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.setTimer(() => this.end(), delayMs);
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Cuts the current delay short, if there is one. */
  end(): void {
    const end = this.#end;
    this.#end = undefined;
    end?.();
  }
}
