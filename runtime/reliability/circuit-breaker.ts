// The circuit breaker of a backend. Unlike common ones, callers never probe, time is monotonic, and answers to operations
// that began before the last change of state do not count.
import type { Clock } from '../config/clock.ts';
import type { CircuitBreakerOptions } from './guard-options.ts';

/**
 * How an open breaker finds out that the backend works again. `probes`: in the background. `trials`: by letting a single
 * operation through now and then, because only the operation itself can tell.
 */
export type Healing = 'probes' | 'trials';

/** Whether an operation may pass. `trial`: it passes, and its outcome decides about the breaker. */
export type Admission = 'closed' | 'trial' | 'open';

/** The failure rate is taken over this many seconds … */
const WINDOW_S = 10;
/** … and over at least this many operations. */
const WINDOW_MIN_OPERATIONS = 20;

/** Operations that ended in one second. */
interface Second {
  /** Monotonic seconds; -1 if unused. */
  at: number;
  total: number;
  failures: number;
}

/** The breaker for one kind of operation. `onChange` is called with each opening and closing. */
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

  /** True if it is open until background probes succeed. */
  get wantsProbes(): boolean {
    return this.#healing === 'probes';
  }

  /** Grows with each opening and closing. The outcome of an operation counts only if its epoch is still current. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Failures in a row. */
  get failureCount(): number {
    return this.#failures;
  }

  /** Successful probes or trials in a row. */
  get successCount(): number {
    return this.#successes;
  }

  /** Epoch ms, or null. */
  get lastFailureAtMs(): number | null {
    return this.#lastFailureAtMs;
  }

  /** Asks whether an operation may pass. After `trial`, call `probed` or `trialEnded` when the operation has ended. */
  admit(): Admission {
    if (this.#healing === undefined) return 'closed';
    if (this.#healing === 'probes' || this.#trialRuns) return 'open';
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextTrialMs) return 'open';
    this.#trialRuns = true;
    this.#nextTrialMs = nowMs + this.#trialEveryMs;
    return 'trial';
  }

  /** An operation that began in that epoch has succeeded. */
  succeeded(epoch: number): void {
    if (epoch !== this.#epoch || this.isOpen) return;
    this.#failures = 0;
    this.#second().total++;
  }

  /** An operation that began in that epoch has failed. `healing`: how the breaker heals if this failure opens it. */
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
   * Opens at once, unless the breaker is switched off. If it is open already with trials, probes replace them: the
   * trouble is no longer about this kind of operation alone.
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

  /** Takes the outcome of a probe or a trial, and closes the breaker after enough good ones in a row. */
  probed(isWell: boolean): void {
    this.#trialRuns = false;
    if (this.#options === false || !this.isOpen) return;
    this.#successes = isWell ? this.#successes + 1 : 0;
    if (!isWell) this.#lastFailureAtMs = this.#clock.nowMs();
    // The backend has just answered, so the next trial need not wait.
    else this.#nextTrialMs = this.#clock.monotonicMs();
    if (this.#successes < this.#options.successThreshold) return;
    this.#healing = undefined;
    this.#failures = 0;
    for (const second of this.#seconds) second.at = -1;
    this.#turn();
  }

  /** A trial has ended without an outcome. */
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
    return total >= WINDOW_MIN_OPERATIONS && failures * 2 >= total;
  }

  /** The counts of the current second, in a ring of WINDOW_S places. */
  #second(): Second {
    const at = Math.floor(this.#clock.monotonicMs() / 1000);
    const second = this.#seconds[((at % WINDOW_S) + WINDOW_S) % WINDOW_S]!; // the index is within the ring
    if (second.at !== at) Object.assign(second, { at, total: 0, failures: 0 });
    return second;
  }
}
