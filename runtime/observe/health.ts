// Health of a site and of all backends, according to the guards around them. Times are in epoch seconds, as in cachekit
// for Python.
import { poolOf, type ConnectionPool } from '../backend/connection-pool.ts';
import type { GuardOptions } from '../reliability/guard-options.ts';
import type { GuardedBackend, GuardState } from '../reliability/guarded-backend.ts';

/** Health of one function, from `cacheOf(fn).getHealthStatus()`. */
export interface HealthStatus {
  readonly namespace: string;
  /** The first three concern the guard of the function's backend: false if it has no backend. */
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
    /** Includes results that were not stored because the write queue was full. */
    readonly rejectedRequests: number;
  };
  /** In seconds. */
  readonly adaptiveTimeout: {
    readonly currentTimeout: number;
    readonly baseTimeout: number;
    readonly averageDuration: number;
  };
}

/** Health of one backend. */
export interface BackendHealthReport {
  readonly kind: string;
  readonly status: 'up' | 'down' | 'misconfigured';
  /** Duration of the ping; null: it failed. */
  readonly latencyMs: number | null;
}

/** Health of the whole process, from `checkHealth()`. */
export interface SystemHealth {
  /**
   * degraded: a backend is not available, but functions run and memory works. unhealthy: calls of secure functions
   * reject, because there is no usable master key.
   */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  /** unused: no Redis backend. */
  readonly redisConnection: 'active' | 'inactive' | 'unused';
  /** Connections of all Redis backends together. */
  readonly connectionPool: ConnectionPool;
  /** By name: the default backend if it is a URL or a backend object, and all that were used. */
  readonly backends: Readonly<Record<string, BackendHealthReport>>;
}

/** Longest wait for the answer to a ping. */
const PING_DEADLINE_MS = 500;

/** What is known about one function and its backend. */
export interface SiteHealthInput {
  readonly namespace: string;
  /** undefined: the function has no backend. */
  readonly options: GuardOptions | undefined;
  /** undefined: not opened yet. */
  readonly guard: GuardedBackend | undefined;
  readonly droppedWrites: number;
  readonly isLogged: boolean;
}

/** The health report of one function. */
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

/** State of a guard before its first operation. */
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

/** What is known about all backends. */
export interface SystemHealthInput {
  /** Guards of all backends in use. */
  readonly guards: readonly GuardedBackend[];
  /** Backends that call sites name but that are not configured. */
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
