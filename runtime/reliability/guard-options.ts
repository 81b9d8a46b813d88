// What can be set about the guard around a backend, and what holds when nothing is set.
import type { BackendError } from '../backend/backend-error.ts';
import { systemClock, type Clock } from '../config/clock.ts';

export interface TimeoutOptions {
  /** Longest wait until enough operations were answered to know better. Default 250. */
  readonly initialMs: number;
  /** Longest wait of a caller for a read or a delete, whatever was learnt. Default: `initialMs`. */
  readonly readBudgetMs?: number;
  /** false: always `initialMs`. Else twice the P95 of recent operations, within these limits. Default 100 and 10_000. */
  readonly adaptive: false | { readonly minMs: number; readonly maxMs: number };
}

export interface CircuitBreakerOptions {
  /** Failures in a row that open it; half of at least 20 operations in 10 s do as well. Default 5. */
  readonly failureThreshold: number;
  /** Successful probes in a row that close it. Default 3. */
  readonly successThreshold: number;
  /** Between background probes, after the first ones, which are 250 ms apart. Default 1000. */
  readonly recoveryTimeoutMs: number;
  /** Replaces the rule that time-outs and transient errors count. One that throws is not heard. */
  readonly isFailure?: (error: BackendError) => boolean;
}

export interface BackpressureOptions {
  /** Reads at once. Default 100. Writes and deletes have a bulkhead of their own: a burst of results never costs a read. */
  readonly maxConcurrent: number;
  /** Reads that wait for one of these places; more are rejected at once. Default 100. */
  readonly maxQueued: number;
}

export interface GuardOptions {
  readonly clock: Clock;
  readonly timeout: TimeoutOptions;
  readonly circuitBreaker: false | CircuitBreakerOptions;
  readonly backpressure: BackpressureOptions;
}

/** Between what the adaptive timeout moves. */
export const ADAPTIVE_LIMITS = { minMs: 100, maxMs: 10_000 } as const;

export const GUARD_DEFAULTS: GuardOptions = {
  clock: systemClock,
  timeout: { initialMs: 250, adaptive: ADAPTIVE_LIMITS },
  circuitBreaker: { failureThreshold: 5, successThreshold: 3, recoveryTimeoutMs: 1000 },
  backpressure: { maxConcurrent: 100, maxQueued: 100 },
};
