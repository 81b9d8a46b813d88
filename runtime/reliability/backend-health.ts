// What is known of one backend: two breakers, their background probes, and whether it is set up wrong.
import type { BackendError } from '../backend/backend-error.ts';
import { publish } from '../observe/publish.ts';
import { CircuitBreaker, type Admission, type Healing } from './circuit-breaker.ts';
import type { GuardOptions } from './guard-options.ts';
import type { GuardState } from './guarded-backend.ts';
import { createProber, type Prober, type ProbeOutcome } from './prober.ts';

/**
 * What an operation is to the breakers. Deletes are gated with reads; locks and appends (`forget`) with writes, but go
 * on when a store only takes no more values. Of these three only silence counts, and no answer outweighs a failure:
 * small things may pass where values do not.
 */
export type OperationRole = 'read' | 'write' | 'delete' | 'lock' | 'forget';

/** What counts of an operation that ended. */
interface Ending {
  readonly role: OperationRole;
  /** undefined: about no entry. */
  readonly key: string | undefined;
  readonly admission: Admission;
  /** Of its breaker, when it began. */
  readonly epoch: number;
}

export interface BackendHealthOptions {
  readonly name: string;
  readonly guard: GuardOptions;
  /** Asks the backend, in bounded time; reads `key` as a caller would. Never rejects. */
  readonly probe: (key: string | undefined) => Promise<BackendError | undefined>;
  /** Nothing more may wait for this breaker. */
  readonly onOpened: (breaker: CircuitBreaker) => void;
  /** Both breakers are closed again. */
  readonly onUsable: () => void;
}

/** A refused permission to write is mended by people; nobody waits for the write that finds out. */
const MISCONFIGURED_TRIAL_MS = 5000;

export class BackendHealth {
  readonly reads: CircuitBreaker;
  readonly writes: CircuitBreaker;
  readonly #options: BackendHealthOptions;
  readonly #prober: Prober;
  #status: GuardState['status'] = 'up';
  #readsMisconfigured = false;
  #writesMisconfigured = false;
  /** Probes ask for what failed last: a peer that answers only small things stays shut off. */
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

  /** Deletes are gated by the breaker of reads: a store that takes no more values, being full, can still forget one. */
  breakerOf(role: OperationRole): CircuitBreaker {
    return role === 'read' || role === 'delete' ? this.reads : this.writes;
  }

  /** Asks the breaker; a `trial` must be told by `learn`. */
  admit(role: OperationRole): Admission {
    const breaker = this.breakerOf(role);
    // A store that refuses values can still forget, and only a value can tell when it takes them again.
    const isValue = role === 'read' || role === 'write' || role === 'delete';
    if (!isValue && breaker.isOpen && !breaker.wantsProbes) return 'closed';
    return breaker.admit();
  }

  /** `error`: absent when the backend was not heard, being rejected or given up. */
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

  /** Permanent errors are about one value or about writing: they never shut off reads. */
  #counts(role: OperationRole, error: BackendError): boolean {
    const { circuitBreaker } = this.#options.guard;
    if (role !== 'read' && role !== 'write') return error.kind === 'timeout';
    try {
      const own: unknown = circuitBreaker === false ? undefined : circuitBreaker.isFailure?.(error);
      if (typeof own === 'boolean') return own;
    } catch {
      // A rule that throws is not heard.
    }
    return error.kind !== 'permanent' || role === 'write';
  }

  /** A read that is refused speaks for all; a write that is refused, for writes. */
  #misconfigured(role: OperationRole, epoch: number): void {
    if (role === 'read' && epoch === this.reads.epoch) {
      this.#readsMisconfigured = true;
      this.reads.open('probes', MISCONFIGURED_TRIAL_MS);
      this.writes.open('probes', MISCONFIGURED_TRIAL_MS);
    } else if (role !== 'read' && role !== 'delete' && epoch === this.writes.epoch) {
      this.#writesMisconfigured = true;
      // Where nothing can be read either it says nothing about writes: they come back with the reads.
      this.writes.open(this.reads.wantsProbes ? 'probes' : 'trials', MISCONFIGURED_TRIAL_MS);
    }
    this.#updateStatus();
  }

  async #probe(): Promise<ProbeOutcome> {
    const error = await this.#options.probe(this.#probeKey);
    const isWell = error === undefined || error.kind === 'permanent';
    // Until it is used again it is what it was: two more answers are waited for.
    if (!isWell) this.#readsMisconfigured = error.kind === 'auth';
    if (this.reads.wantsProbes) this.reads.probed(isWell);
    if (this.writes.wantsProbes) this.writes.probed(isWell);
    // A refused read speaks for all, also where writes were refused before it and are on trial.
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
