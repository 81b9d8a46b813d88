// Health of a site and of all backends, from the guards that stand before them. Times in epoch seconds, as in the parent.
import type { GuardedBackend, GuardState } from '../reliability/guarded-backend.ts';

export interface HealthStatus {
  readonly namespace: string;
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
  /** degraded: a backend does not answer; functions run and memory works. */
  readonly status: 'healthy' | 'degraded';
  /** unused: no Redis backend, or none opened yet. */
  readonly redisConnection: 'active' | 'inactive' | 'unused';
  /** By name; only backends that were used. */
  readonly backends: Readonly<Record<string, BackendHealthReport>>;
}

/** Longest wait for the answer to a ping. */
const PING_DEADLINE_MS = 500;

/** A site without an open backend: nothing fails, nothing waits. */
const IDLE: GuardState = {
  breaker: 'CLOSED',
  failureCount: 0,
  successCount: 0,
  lastFailureAtMs: null,
  nextAttemptAtMs: null,
  maxConcurrent: 0,
  running: 0,
  rejected: 0,
  timeoutMs: 0,
  baseTimeoutMs: 0,
  averageMs: 0,
  status: 'up',
};

export function siteHealth(namespace: string, guard: GuardedBackend | undefined): HealthStatus {
  const state = guard?.state() ?? IDLE;
  return {
    namespace,
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
      rejectedRequests: state.rejected,
    },
    adaptiveTimeout: {
      currentTimeout: state.timeoutMs / 1000,
      baseTimeout: state.baseTimeoutMs / 1000,
      averageDuration: state.averageMs / 1000,
    },
  };
}

/** Pings every backend in use. `misnamed`: backends that call sites name and nobody configured. */
export async function systemHealth(
  guards: readonly GuardedBackend[],
  misnamed: readonly string[],
): Promise<SystemHealth> {
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
  return {
    status: reports.every(([, report]) => report.status === 'up') ? 'healthy' : 'degraded',
    redisConnection: redis.length === 0 ? 'unused' : isRedisUp ? 'active' : 'inactive',
    backends: Object.fromEntries(reports),
  };
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
