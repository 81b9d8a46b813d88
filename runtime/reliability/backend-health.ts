// The health of one backend: a circuit breaker for reads and one for writes, background probes, and whether the backend
// is misconfigured.
import type { BackendError } from '../backend/backend-error.ts';
import { publish } from '../observe/publish.ts';
import { CircuitBreaker, type Admission, type Healing } from './circuit-breaker.ts';
import type { GuardOptions } from './guard-options.ts';
import type { GuardState } from './guarded-backend.ts';
import { createProber, type Prober, type ProbeOutcome } from './prober.ts';

/**
 * What an operation means to the breakers. Deletes pass through the breaker of reads; locks and log appends (`forget`)
 * through that of writes, but they also pass while a store merely refuses new values. Of deletes, locks and appends only
 * timeouts count as failures, and their successes do not count: small commands may work where values do not.
 */
export type OperationRole = 'read' | 'write' | 'delete' | 'lock' | 'forget';

/** What the breakers need to know of an operation that has ended. */
interface Ending {
  readonly role: OperationRole;
  /** undefined if the operation was about no entry. */
  readonly key: string | undefined;
  readonly admission: Admission;
  /** Epoch of its breaker when it began. */
  readonly epoch: number;
}

/** What the health of a backend is made of. */
export interface BackendHealthOptions {
  readonly name: string;
  readonly guard: GuardOptions;
  /** Asks the backend in bounded time, and reads `key` as a caller would. Never rejects. */
  readonly probe: (key: string | undefined) => Promise<BackendError | undefined>;
  /** The breaker has opened: operations that wait for a place behind it must end. */
  readonly onOpened: (breaker: CircuitBreaker) => void;
  /** Both breakers are closed again. */
  readonly onUsable: () => void;
}

/** A person has to grant a refused permission to write, so trials are rare. No caller waits for a trial write. */
const MISCONFIGURED_TRIAL_MS = 5000;

/** The breakers, probes and status of one backend. */
export class BackendHealth {
  readonly reads: CircuitBreaker;
  readonly writes: CircuitBreaker;
  readonly #options: BackendHealthOptions;
  readonly #prober: Prober;
  #status: GuardState['status'] = 'up';
  #readsMisconfigured = false;
  #writesMisconfigured = false;
  /** The key that failed last. Probes read it: a backend that only answers small requests must stay shut off. */
  #probeKey: string | undefined;

  constructor(options: BackendHealthOptions) {
    this.#options = options;
    const { circuitBreaker, clock } = options.guard;
    this.reads = new CircuitBreaker(circuitBreaker, clock, (isOpen) => this.#turned('reads', isOpen));
    this.writes = new CircuitBreaker(circuitBreaker, clock, (isOpen) => this.#turned('writes', isOpen));
    this.#prober = createProber({
      clock,
      recoveryTimeoutMs: circuitBreaker === false ? 1000 : circuitBreaker.recoveryTimeoutMs,
      probe: () => this.#probe(),
      isWanted: () => this.reads.wantsProbes || this.writes.wantsProbes,
    });
  }

  get status(): GuardState['status'] {
    return this.#status;
  }

  get nextProbeAtMs(): number | null {
    return this.#prober.nextAtMs;
  }

  stop(): void {
    this.#prober.stop();
  }

  /** The breaker for this role. Deletes use that of reads: a store that is too full to take values can still delete. */
  breakerOf(role: OperationRole): CircuitBreaker {
    return role === 'read' || role === 'delete' ? this.reads : this.writes;
  }

  /** Asks the breaker. The outcome of a `trial` must be given to `learn`. */
  admit(role: OperationRole): Admission {
    const breaker = this.breakerOf(role);
    // A store that refuses values still takes locks and appends; and only a value can be the trial of its breaker.
    const isLockOrAppend = role === 'lock' || role === 'forget';
    if (isLockOrAppend && breaker.isOpen && !breaker.wantsProbes) return 'closed';
    return breaker.admit();
  }

  /** Takes the outcome of an operation. `error` is undefined if the backend was not asked: rejected or given up. */
  learn(ending: Ending, isOk: boolean, error: BackendError | undefined): void {
    const { role, admission, epoch } = ending;
    const breaker = this.breakerOf(role);
    if (admission === 'trial') {
      if (isOk || error !== undefined) breaker.probed(isOk);
      else breaker.trialEnded();
    }
    if (isOk) {
      if (role === 'read' || role === 'write') breaker.succeeded(epoch);
      if (role === 'read') this.#readsMisconfigured = false;
      if (role === 'write') this.#writesMisconfigured = false;
      this.#updateStatus();
    } else if (error?.kind === 'auth') {
      this.#probeKey = ending.key ?? this.#probeKey;
      this.#misconfigured(role, epoch);
    } else if (error !== undefined && this.#counts(role, error)) {
      this.#probeKey = ending.key ?? this.#probeKey;
      const healing: Healing = role === 'write' && error.kind === 'permanent' ? 'trials' : 'probes';
      breaker.failed(epoch, healing);
    }
  }

  /** Whether the failure counts for the breaker. Permanent errors are about one value or a write: never about reads. */
  #counts(role: OperationRole, error: BackendError): boolean {
    const { circuitBreaker } = this.#options.guard;
    if (role !== 'read' && role !== 'write') return error.kind === 'timeout';
    try {
      const own: unknown = circuitBreaker === false ? undefined : circuitBreaker.isFailure?.(error);
      if (typeof own === 'boolean') return own;
    } catch {
      // The user's rule threw: the default rule decides.
    }
    return error.kind !== 'permanent' || role === 'write';
  }

  /** A refused read (`auth`) shuts off the whole backend; a refused write only shuts off writes. */
  #misconfigured(role: OperationRole, epoch: number): void {
    if (role === 'read' && epoch === this.reads.epoch) {
      this.#readsMisconfigured = true;
      this.reads.open('probes', MISCONFIGURED_TRIAL_MS);
      this.writes.open('probes', MISCONFIGURED_TRIAL_MS);
    } else if (role !== 'read' && role !== 'delete' && epoch === this.writes.epoch) {
      this.#writesMisconfigured = true;
      // While reads are shut off too, the refusal is not about writes alone: writes come back with the reads.
      this.writes.open(this.reads.wantsProbes ? 'probes' : 'trials', MISCONFIGURED_TRIAL_MS);
    }
    this.#updateStatus();
  }

  async #probe(): Promise<ProbeOutcome> {
    const error = await this.#options.probe(this.#probeKey);
    const isWell = error === undefined || error.kind === 'permanent';
    // After a good answer the backend stays marked as it was: the breaker closes only after several of them.
    if (!isWell) this.#readsMisconfigured = error.kind === 'auth';
    if (this.reads.wantsProbes) this.reads.probed(isWell);
    if (this.writes.wantsProbes) this.writes.probed(isWell);
    // A refused read shuts off writes too, also where their breaker is open with trials.
    if (!isWell && this.#readsMisconfigured) this.writes.open('probes', MISCONFIGURED_TRIAL_MS);
    this.#updateStatus();
    if (isWell) return 'well';
    return this.#readsMisconfigured ? 'misconfigured' : 'ill';
  }

  #turned(which: 'reads' | 'writes', isOpen: boolean): void {
    const breaker = this[which];
    const state = `${which}-${isOpen ? 'open' : 'closed'}`;
    publish('cachekit:state', { subject: 'breaker', backend: this.#options.name, state });
    if (!this.reads.isOpen) this.#readsMisconfigured = false;
    if (!this.writes.isOpen) this.#writesMisconfigured = false;
    this.#updateStatus();
    if (!this.reads.isOpen && !this.writes.isOpen) this.#options.onUsable();
    if (!isOpen) return;
    this.#options.onOpened(breaker);
    if (breaker.wantsProbes) this.#prober.start(this.#readsMisconfigured ? 'misconfigured' : 'ill');
  }

  #updateStatus(): void {
    const isMisconfigured = this.#readsMisconfigured || this.#writesMisconfigured;
    const status = isMisconfigured ? 'misconfigured' : this.reads.isOpen ? 'down' : 'up';
    if (status === this.#status) return;
    this.#status = status;
    publish('cachekit:state', { subject: 'backend', backend: this.#options.name, state: status });
  }
}
