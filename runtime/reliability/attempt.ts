// One operation of a backend from its beginning to its end. One object rather than a closure for each thing that may
// happen to it: a read that goes well needs none of them, and there may be ten thousand a second.
import { Abandonment } from '../backend/abandonment.ts';
import type { BackendError } from '../backend/backend-error.ts';
import type { Clock } from '../config/clock.ts';
import { keepContext } from '../observe/correlation.ts';
import { within } from '../observe/span.ts';
import { asBackendError, lateError } from './bounded.ts';
import type { Bulkhead, Entrant } from './bulkhead.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Deadline } from './deadline-queue.ts';
import type { Begun, Operation } from './guard-operation.ts';
import type { GuardFailure, GuardResult } from './guarded-backend.ts';

/** A backend that ignores its signal keeps its place in the bulkhead no longer than this after the deadline. */
const LONGEST_HOLD_MS = 5000;

export const failed = (failure: GuardFailure): GuardResult<never> => ({ ok: false, failure });

/** What others know of an attempt that has not ended for its caller yet. */
export interface Live extends Deadline {
  readonly begun: Begun;
  readonly breaker: CircuitBreaker;
  /** For a place in the bulkhead. */
  readonly isWaiting: boolean;
  /** Its caller waits no longer. */
  readonly end: (failure: GuardFailure, error?: BackendError) => void;
}

export interface AttemptOptions<T> {
  readonly operation: Operation<T>;
  readonly begun: Begun;
  readonly breaker: CircuitBreaker;
  readonly bulkhead: Bulkhead;
  readonly clock: Clock;
  /** Monotonic. */
  readonly dueMs: number;
  /** Before its caller hears of it. Called once. */
  readonly onEnd: (
    attempt: Live,
    result: GuardResult<unknown>,
    error: BackendError | undefined,
    bytes: number | undefined,
  ) => void;
}

export class Attempt<T> extends Abandonment implements Live, Entrant {
  readonly #options: AttemptOptions<T>;
  #resolve: ((result: GuardResult<Exclude<T, null>>) => void) | undefined;
  #isWaiting = true;
  #isHeld = false;
  #cancelHold: (() => void) | undefined;
  /** Of one that had to wait. */
  #runInContext: (() => void) | undefined;

  constructor(options: AttemptOptions<T>, resolve: (result: GuardResult<Exclude<T, null>>) => void) {
    super();
    this.#options = options;
    this.#resolve = resolve;
  }

  get begun(): Begun {
    return this.#options.begun;
  }

  get breaker(): CircuitBreaker {
    return this.#options.breaker;
  }

  get dueMs(): number {
    return this.#options.dueMs;
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  keepContext(): void {
    this.#runInContext = keepContext(() => this.#run());
  }

  /** It has a place. */
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

  /** While it waited for a place nothing was asked, so nothing is learnt about the backend. */
  onDue(): void {
    if (this.#isWaiting) this.end('rejected');
    else this.end('timeout', lateError());
  }

  end(failure: GuardFailure, error?: BackendError): void {
    if (this.#isWaiting) this.#options.bulkhead.cancel(this);
    this.#finish(failed(failure), error, undefined);
    this.giveUp();
  }

  /** The place in the bulkhead is given back before others hear that it was given up. */
  override giveUp(): void {
    if (!this.isGivenUp && this.#isHeld) {
      const { operation, clock } = this.#options;
      if (operation.leavesAtOnce === true) this.#leave();
      else this.#cancelHold = clock.setTimer(() => this.#leave(), LONGEST_HOLD_MS);
    }
    super.giveUp();
  }

  /** A backend that throws instead of rejecting fails like any other. */
  #begin(): Promise<T> {
    const { operation, begun } = this.#options;
    try {
      return Promise.resolve(
        begun.span === undefined ? operation.run(this) : within(begun.span, () => operation.run(this)),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #succeeded(value: T): void {
    const found = (value ?? undefined) as Exclude<T, null>; // null is how quick reads spell undefined
    this.#finish({ ok: true, value: found }, undefined, this.#options.operation.bytesOf?.(value));
    this.#leave();
  }

  /** Learnt from before the next one may enter: the failure may have opened the breaker. */
  #rejected(thrown: unknown): void {
    const error = asBackendError(thrown);
    this.#finish(failed(error.kind), error, undefined);
    this.#leave();
  }

  /** The first outcome counts. */
  #finish(
    result: GuardResult<Exclude<T, null>>,
    error: BackendError | undefined,
    bytes: number | undefined,
  ): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    this.#options.onEnd(this, result, error, bytes);
    resolve(result);
  }

  /** Once. */
  #leave(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#cancelHold?.();
    this.#options.bulkhead.leave();
  }
}
