// Decides whether a backend is used. An own one: callers never probe, time is monotonic, and late answers do not count.
import type { Clock } from '../config/clock.ts';
import type { CircuitBreakerOptions } from './guard-options.ts';

/** `probes`: the background finds out when it works again. `trials`: only the operation itself can tell, now and then. */
export type Healing = 'probes' | 'trials';

export type Admission = 'closed' | 'trial' | 'open';

const WINDOW_S = 10;
const WINDOW_LEAST = 20;

interface Second {
  at: number;
  total: number;
  failures: number;
}

export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions | false;
  readonly #clock: Clock;
  readonly #onChange: (isOpen: boolean) => void;
  readonly #seconds: Second[] = Array.from({ length: WINDOW_S }, () => ({ at: -1, total: 0, failures: 0 }));
  #healing: Healing | undefined;
  #trialEveryMs = 0;
  #nextTrialMs = 0;
  #trialRuns = false;
  #epoch = 0;
  #failures = 0;
  #successes = 0;
  #lastFailureAtMs: number | null = null;

  constructor(options: CircuitBreakerOptions | false, clock: Clock, onChange: (isOpen: boolean) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get isOpen(): boolean {
    return this.#healing !== undefined;
  }

  /** Open, and waiting for background probes. */
  get wantsProbes(): boolean {
    return this.#healing === 'probes';
  }

  /** Changes with each opening and closing: what began before is no news about now. */
  get epoch(): number {
    return this.#epoch;
  }

  get failureCount(): number {
    return this.#failures;
  }

  get successCount(): number {
    return this.#successes;
  }

  get lastFailureAtMs(): number | null {
    return this.#lastFailureAtMs;
  }

  /** `trial`: this one operation finds out; its end must be told by `probed`. */
  admit(): Admission {
    if (this.#healing === undefined) return 'closed';
    if (this.#healing === 'probes' || this.#trialRuns) return 'open';
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextTrialMs) return 'open';
    this.#trialRuns = true;
    this.#nextTrialMs = nowMs + this.#trialEveryMs;
    return 'trial';
  }

  succeeded(epoch: number): void {
    if (epoch !== this.#epoch || this.isOpen) return;
    this.#failures = 0;
    this.#second().total++;
  }

  /** `healing` says how it gets well, should this failure open it. */
  failed(epoch: number, healing: Healing): void {
    if (epoch !== this.#epoch || this.isOpen) return;
    this.#failures++;
    this.#lastFailureAtMs = this.#clock.nowMs();
    const second = this.#second();
    second.total++;
    second.failures++;
    if (this.#options !== false && this.#isTooMuch(this.#options)) {
      this.open(healing, this.#options.recoveryTimeoutMs);
    }
  }

  /**
   * Opens at once. Does nothing when the breaker is switched off; where it is open already, probes take over from trials:
   * the trouble is no longer about this kind of operation alone.
   */
  open(healing: Healing, trialEveryMs: number): void {
    if (this.#options === false) return;
    if (this.isOpen) {
      if (healing === 'probes') this.#healing = healing;
      return;
    }
    this.#healing = healing;
    this.#trialEveryMs = trialEveryMs;
    this.#nextTrialMs = this.#clock.monotonicMs() + trialEveryMs;
    this.#turn();
  }

  /** Outcome of a probe or a trial. */
  probed(isWell: boolean): void {
    this.#trialRuns = false;
    if (this.#options === false || !this.isOpen) return;
    this.#successes = isWell ? this.#successes + 1 : 0;
    if (!isWell) this.#lastFailureAtMs = this.#clock.nowMs();
    // It just answered: the next one need not wait for its time.
    else this.#nextTrialMs = this.#clock.monotonicMs();
    if (this.#successes < this.#options.successThreshold) return;
    this.#healing = undefined;
    this.#failures = 0;
    for (const second of this.#seconds) second.at = -1;
    this.#turn();
  }

  /** A trial that ended without saying anything. */
  trialEnded(): void {
    this.#trialRuns = false;
  }

  #turn(): void {
    this.#epoch++;
    this.#successes = 0;
    this.#onChange(this.isOpen);
  }

  #isTooMuch(options: CircuitBreakerOptions): boolean {
    if (this.#failures >= options.failureThreshold) return true;
    const now = Math.floor(this.#clock.monotonicMs() / 1000);
    const recent = this.#seconds.filter((second) => second.at >= 0 && second.at > now - WINDOW_S);
    const total = recent.reduce((sum, second) => sum + second.total, 0);
    const failures = recent.reduce((sum, second) => sum + second.failures, 0);
    return total >= WINDOW_LEAST && failures * 2 >= total;
  }

  #second(): Second {
    const at = Math.floor(this.#clock.monotonicMs() / 1000);
    const second = this.#seconds[((at % WINDOW_S) + WINDOW_S) % WINDOW_S]!; // the ring has WINDOW_S places
    if (second.at !== at) Object.assign(second, { at, total: 0, failures: 0 });
    return second;
  }
}
