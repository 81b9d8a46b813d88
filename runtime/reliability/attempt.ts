// One operation of a backend from its beginning to its end. One object rather than a closure for each thing that may
// happen to it: a read that goes well needs none of them, and there may be ten thousand a second.
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

/** A backend that ignores its signal keeps its place in the bulkhead no longer than this after the deadline. */
const LONGEST_HOLD_MS = 5000;

export const failed = (failure: GuardFailure): GuardResult<never> => ({ ok: false, failure });

/** What others know of an attempt that has not ended for its caller yet. */
export interface Live extends Deadline {
  readonly begun: Begun;
  /** For a place in the bulkhead. */
  readonly isWaiting: boolean;
  /** Its caller waits no longer. */
  readonly end: (failure: GuardFailure, error?: BackendError) => void;
}

/** Who runs it. */
export interface AttemptHost {
  readonly clock: Clock;
  bulkheadOf(role: OperationRole): Bulkhead;
  /** Before its caller hears of it. Called once. */
  ended(
    attempt: Live,
    result: GuardResult<unknown>,
    error: BackendError | undefined,
    bytes: number | undefined,
  ): void;
}

export class Attempt<T> extends Abandonment implements Live, Entrant {
  readonly begun: Begun;
  /** Monotonic. */
  readonly dueMs: number;
  readonly #operation: Operation<T>;
  readonly #host: AttemptHost;
  #resolve: ((result: GuardResult<Exclude<T, null>>) => void) | undefined;
  #isWaiting = true;
  #isHeld = false;
  #cancelHold: (() => void) | undefined;
  /** Of one that had to wait. */
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

  /** Waits for a place. Resolves when it has ended. Called once. */
  start(): Promise<GuardResult<Exclude<T, null>>> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      if (!this.#bulkhead.request(this)) this.end('rejected');
    });
  }

  get #bulkhead(): Bulkhead {
    return this.#host.bulkheadOf(this.#operation.role);
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
    if (this.#isWaiting) this.#bulkhead.cancel(this);
    this.#finish(failed(failure), error, undefined);
    this.giveUp();
  }

  /** The place in the bulkhead is given back before others hear that it was given up. */
  override giveUp(): void {
    if (!this.isGivenUp && this.#isHeld) {
      if (this.#operation.leavesAtOnce === true) this.#leave();
      else this.#cancelHold = this.#host.clock.setTimer(() => this.#leave(), LONGEST_HOLD_MS);
    }
    super.giveUp();
  }

  /** A backend that throws instead of rejecting fails like any other. */
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
    const found = (value ?? undefined) as Exclude<T, null>; // null is how quick reads spell undefined
    this.#finish({ ok: true, value: found }, undefined, this.#operation.bytesOf?.(value));
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
    this.#host.ended(this, result, error, bytes);
    resolve(result);
  }

  /** Once. */
  #leave(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#cancelHold?.();
    this.#bulkhead.leave();
  }
}
