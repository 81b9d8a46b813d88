// Health of a site and of all backends, from the guards that stand before them. Times in epoch seconds, as in the parent.
import { poolOf, type ConnectionPool } from '../backend/connection-pool.ts';
import type { GuardOptions } from '../reliability/guard-options.ts';
import type { GuardedBackend, GuardState } from '../reliability/guarded-backend.ts';

export interface HealthStatus {
  readonly namespace: string;
  /** The first three guard the backend of this function: false when it has none. */
  readonly featuresEnabled: {
    readonly circuitBreaker: boolean;
    readonly adaptiveTimeout: boolean;
    readonly backpressure: boolean;
    readonly statistics: boolean;
    readonly structuredLogging: boolean;
  };
  readonly circuitBreaker: {
    readonly state: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
    readonly failureCount: number;
    readonly successCount: number;
    /** Epoch seconds. */
    readonly lastFailureTime: number | null;
    /** Epoch seconds. */
    readonly nextAttempt: number | null;
  };
  readonly backpressure: {
    readonly maxConcurrent: number;
    readonly currentRequests: number;
    /** Also results that found no room in the line of writes. */
    readonly rejectedRequests: number;
  };
  /** Seconds. */
  readonly adaptiveTimeout: {
    readonly currentTimeout: number;
    readonly baseTimeout: number;
    readonly averageDuration: number;
  };
}

export interface BackendHealthReport {
  readonly kind: string;
  readonly status: 'up' | 'down' | 'misconfigured';
  readonly latencyMs: number | null;
}

export interface SystemHealth {
  /**
   * degraded: a backend does not answer; functions run and memory works. unhealthy: calls of secure functions reject,
   * because there is no usable master key.
   */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  /** unused: no Redis backend. */
  readonly redisConnection: 'active' | 'inactive' | 'unused';
  /** Of all Redis backends together. */
  readonly connectionPool: ConnectionPool;
  /** By name: the configured one if it is a URL or an own one, and those that were used. */
  readonly backends: Readonly<Record<string, BackendHealthReport>>;
}

/** Longest wait for the answer to a ping. */
const PING_DEADLINE_MS = 500;

/** What is known of the backend of one function. */
export interface SiteHealthInput {
  readonly namespace: string;
  /** undefined: the function has no backend. */
  readonly options: GuardOptions | undefined;
  /** undefined: not opened yet. */
  readonly guard: GuardedBackend | undefined;
  readonly droppedWrites: number;
  readonly isLogged: boolean;
}

export function siteHealth(input: SiteHealthInput): HealthStatus {
  const { namespace, options, guard, droppedWrites, isLogged } = input;
  const state = guard?.state() ?? idleState(options);
  return {
    namespace,
    featuresEnabled: {
      circuitBreaker: options !== undefined && options.circuitBreaker !== false,
      adaptiveTimeout: options !== undefined && options.timeout.adaptive !== false,
      backpressure: options !== undefined,
      statistics: true,
      structuredLogging: isLogged,
    },
    circuitBreaker: {
      state: state.breaker,
      failureCount: state.failureCount,
      successCount: state.successCount,
      lastFailureTime: toSeconds(state.lastFailureAtMs),
      nextAttempt: toSeconds(state.nextAttemptAtMs),
    },
    backpressure: {
      maxConcurrent: state.maxConcurrent,
      currentRequests: state.running,
      rejectedRequests: state.rejected + droppedWrites,
    },
    adaptiveTimeout: {
      currentTimeout: state.timeoutMs / 1000,
      baseTimeout: state.baseTimeoutMs / 1000,
      averageDuration: state.averageMs / 1000,
    },
  };
}

/** Before the first operation: nothing fails, nothing waits, the limits are those that will hold. */
function idleState(options: GuardOptions | undefined): GuardState {
  const initialMs = options?.timeout.initialMs ?? 0;
  return {
    breaker: 'CLOSED',
    failureCount: 0,
    successCount: 0,
    lastFailureAtMs: null,
    nextAttemptAtMs: null,
    maxConcurrent: options?.backpressure.maxConcurrent ?? 0,
    running: 0,
    rejected: 0,
    timeoutMs: initialMs,
    baseTimeoutMs: initialMs,
    averageMs: 0,
    status: 'up',
  };
}

export interface SystemHealthInput {
  /** Of every backend in use. */
  readonly guards: readonly GuardedBackend[];
  /** Backends that call sites name and nobody configured. */
  readonly misnamed: readonly string[];
  /** Secure functions have no usable master key. */
  readonly rejectsCalls: boolean;
}

/** Pings every backend in use. Never rejects. */
export async function systemHealth(input: SystemHealthInput): Promise<SystemHealth> {
  const { guards, misnamed, rejectsCalls } = input;
  const reports: [string, BackendHealthReport][] = await Promise.all(
    guards.map(async (guard, index): Promise<[string, BackendHealthReport]> => {
      const latencyMs = await guard.ping(PING_DEADLINE_MS);
      const { status } = guard.state();
      const { name } = guard.backend;
      const isFirst = guards.findIndex((other) => other.backend.name === name) === index;
      const kind = name.split(':')[0] ?? name;
      return [
        isFirst ? name : `${name}#${index}`,
        { kind, status: latencyMs === null && status === 'up' ? 'down' : status, latencyMs },
      ];
    }),
  );
  for (const name of misnamed)
    reports.push([name, { kind: 'unknown', status: 'misconfigured', latencyMs: null }]);
  const redis = reports.filter(([, report]) => report.kind.startsWith('redis'));
  const isRedisUp = redis.every(([, report]) => report.status === 'up');
  const areAllUp = reports.every(([, report]) => report.status === 'up');
  return {
    status: rejectsCalls ? 'unhealthy' : areAllUp ? 'healthy' : 'degraded',
    redisConnection: redis.length === 0 ? 'unused' : isRedisUp ? 'active' : 'inactive',
    connectionPool: poolOf(guards.map(({ backend }) => backend)),
    backends: Object.fromEntries(reports),
  };
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
