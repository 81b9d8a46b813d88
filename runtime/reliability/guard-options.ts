// The options of the guard around a backend, and their defaults.
import type { BackendError } from '../backend/backend-error.ts';
import { systemClock, type Clock } from '../config/clock.ts';

/** How long to wait for the backend. */
export interface TimeoutOptions {
  /** The timeout until enough latencies are known. Default 250. */
  readonly initialMs: number;
  /** Longest wait of a caller for a read or a delete, whatever was learnt. Default: `initialMs`. */
  readonly readBudgetMs?: number;
  /** false: always `initialMs`. Else twice the P95 of recent latencies, within these limits. Default 100 and 10_000. */
  readonly adaptive: false | { readonly minMs: number; readonly maxMs: number };
}

/** When the backend is shut off. */
export interface CircuitBreakerOptions {
  /** Failures in a row that open the breaker. Half of at least 20 operations in 10 s open it too. Default 5. */
  readonly failureThreshold: number;
  /** Successful probes in a row that close the breaker. Default 3. */
  readonly successThreshold: number;
  /** Interval of background probes, after the first eight, which are 250 ms apart. Default 1000. */
  readonly recoveryTimeoutMs: number;
  /** Replaces the rule that timeouts and transient errors count as failures. If it throws, that rule applies. */
  readonly isFailure?: (error: BackendError) => boolean;
}

/** How many operations may run and wait. */
export interface BackpressureOptions {
  /** Reads at once. Default 100. Writes and deletes have a limit of their own: a burst of results never costs a read. */
  readonly maxConcurrent: number;
  /** Reads that wait for a place; more are rejected at once. Default 100. */
  readonly maxQueued: number;
}

/** All options of the guard. */
export interface GuardOptions {
  readonly clock: Clock;
  readonly timeout: TimeoutOptions;
  readonly circuitBreaker: false | CircuitBreakerOptions;
  readonly backpressure: BackpressureOptions;
}

/** Default limits of the adaptive timeout. */
export const ADAPTIVE_LIMITS = { minMs: 100, maxMs: 10_000 } as const;

/** The defaults. */
export const GUARD_DEFAULTS = {
  clock: systemClock,
  timeout: { initialMs: 250, adaptive: ADAPTIVE_LIMITS },
  circuitBreaker: { failureThreshold: 5, successThreshold: 3, recoveryTimeoutMs: 1000 },
  backpressure: { maxConcurrent: 100, maxQueued: 100 },
} as const satisfies GuardOptions;
