// One backend operation from start to end. An object with methods rather than a set of closures: a read that succeeds
// needs none of the rare paths, and there may be ten thousand reads a second.
import { Abandonment } from '../backend/abandonment.ts';
import type { BackendError } from '../backend/backend-error.ts';
import type { Clock } from '../config/clock.ts';
import { keepContext } from '../observe/correlation.ts';
import { within } from '../observe/span.ts';
import type { OperationRole } from './backend-health.ts';
import { asBackendError, lateError } from './bounded.ts';
import type { Bulkhead, Entrant } from './bulkhead.ts';
import type { Deadline } from './deadline-queue.ts';
import type { Begun, Operation } from './guard-operation.ts';
import type { GuardFailure, GuardResult } from './guarded-backend.ts';

/** An operation that ignores its abort signal frees its place in the bulkhead this long after it was given up. */
const MAX_HOLD_MS = 5000;

/** The result of an operation that failed. */
export const failed = (failure: GuardFailure): GuardResult<never> => ({ ok: false, failure });

/** An attempt whose caller still waits, as the runner sees it. */
export interface Live extends Deadline {
  readonly begun: Begun;
  /** It waits for a place in the bulkhead. */
  readonly isWaiting: boolean;
  /** Ends the wait of the caller with this failure. */
  readonly end: (failure: GuardFailure, error?: BackendError) => void;
}

/** The runner of attempts. */
export interface AttemptHost {
  readonly clock: Clock;
  bulkheadOf(role: OperationRole): Bulkhead;
  /** Called once, just before the caller gets the result. */
  ended(
    attempt: Live,
    result: GuardResult<unknown>,
    error: BackendError | undefined,
    bytes: number | undefined,
  ): void;
}

/** One operation with its deadline and its place in the bulkhead. */
export class Attempt<T> extends Abandonment implements Live, Entrant {
  readonly begun: Begun;
  /** By the monotonic clock. */
  readonly dueMs: number;
  readonly #operation: Operation<T>;
  readonly #host: AttemptHost;
  #resolve: ((result: GuardResult<Exclude<T, null>>) => void) | undefined;
  #isWaiting = true;
  /** It has a place in the bulkhead. */
  #isHeld = false;
  #cancelHold: (() => void) | undefined;
  /** `#run` in the async context of the caller. Set only if the attempt had to wait for a place. */
  #runInContext: (() => void) | undefined;

  constructor(host: AttemptHost, operation: Operation<T>, begun: Begun, dueMs: number) {
    super();
    this.#host = host;
    this.#operation = operation;
    this.begun = begun;
    this.dueMs = dueMs;
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** Runs the operation as soon as the bulkhead has a place. Resolves to its result. Called once. */
  start(): Promise<GuardResult<Exclude<T, null>>> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      if (!this.#bulkhead.request(this)) this.end('rejected');
    });
  }

  get #bulkhead(): Bulkhead {
    return this.#host.bulkheadOf(this.#operation.role);
  }

  /** The attempt has to wait: saves the async context of the caller. */
  keepContext(): void {
    this.#runInContext = keepContext(() => this.#run());
  }

  /** The bulkhead has given it a place. */
  enter(): void {
    if (this.#runInContext === undefined) this.#run();
    else this.#runInContext();
  }

  #run(): void {
    this.#isWaiting = false;
    this.#isHeld = true;
    this.#begin().then(
      (value) => this.#succeeded(value),
      (thrown: unknown) => this.#rejected(thrown),
    );
  }

  /** The deadline has passed. If the attempt still waits for a place, this is no failure of the backend. */
  onDue(): void {
    if (this.#isWaiting) this.end('rejected');
    else this.end('timeout', lateError());
  }

  /** Ends the attempt for its caller and gives the operation up. `error`: what the breakers learn. */
  end(failure: GuardFailure, error?: BackendError): void {
    if (this.#isWaiting) this.#bulkhead.cancel(this);
    this.#finish(failed(failure), error, undefined);
    this.giveUp();
  }

  /** Frees the place in the bulkhead, or sets a limit to how long it is held, before the listeners are told. */
  override giveUp(): void {
    if (!this.isGivenUp && this.#isHeld) {
      if (this.#operation.leavesAtOnce === true) this.#leave();
      else this.#cancelHold = this.#host.clock.setTimer(() => this.#leave(), MAX_HOLD_MS);
    }
    super.giveUp();
  }

  /** Calls the operation. A backend that throws synchronously gives a rejection like any other. */
  #begin(): Promise<T> {
    const operation = this.#operation;
    const { span } = this.begun;
    try {
      return Promise.resolve(
        span === undefined ? operation.run(this) : within(span, () => operation.run(this)),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #succeeded(value: T): void {
    const found = (value ?? undefined) as Exclude<T, null>; // quick reads answer null for undefined
    this.#finish({ ok: true, value: found }, undefined, this.#operation.bytesOf?.(value));
    this.#leave();
  }

  /** The failure is reported before the place is freed: it may open the breaker, and then the next one must not enter. */
  #rejected(thrown: unknown): void {
    const error = asBackendError(thrown);
    this.#finish(failed(error.kind), error, undefined);
    this.#leave();
  }

  /** Resolves the attempt. Only the first outcome counts. */
  #finish(
    result: GuardResult<Exclude<T, null>>,
    error: BackendError | undefined,
    bytes: number | undefined,
  ): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    this.#host.ended(this, result, error, bytes);
    resolve(result);
  }

  /** Frees the place in the bulkhead, once. */
  #leave(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#cancelHold?.();
    this.#bulkhead.leave();
  }
}
