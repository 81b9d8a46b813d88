// Reads the present state of the guards of all backends in use, by backend name.
import type { GuardState } from '../../reliability/guarded-backend.ts';
import { allSites, registry } from '../../site/registry.ts';

/** State of one backend. */
export interface BackendReading {
  readonly backend: string;
  readonly isUp: boolean;
  /** 0 closed, 1 open, 2 half-open. */
  readonly breaker: number;
  /** Most operations at once. */
  readonly places: number;
  /** Operations that run now, at most `places`. */
  readonly taken: number;
}

const BREAKER: Readonly<Record<GuardState['breaker'], number>> = { CLOSED: 0, OPEN: 1, HALF_OPEN: 2 };
/** How bad a breaker state is, by its number. */
const BADNESS = [0, 2, 1];

/** One reading per name. Backends that share a name are shown as one: the worse state, and the places of both. */
export function readBackends(): BackendReading[] {
  const { generation } = registry();
  // A site that was not called since the last configure() still refers to its earlier backend.
  const current = allSites().filter(({ core }) => core.generation === generation);
  const guards = new Set(current.flatMap(({ core }) => core.tier?.guard ?? []));
  const byName = new Map<string, BackendReading>();
  for (const guard of guards) {
    const { name } = guard.backend;
    const reading = toReading(name, guard.state());
    const other = byName.get(name);
    byName.set(name, other === undefined ? reading : merged(other, reading));
  }
  return [...byName.values()];
}

function toReading(backend: string, state: GuardState): BackendReading {
  return {
    backend,
    isUp: state.status === 'up',
    breaker: BREAKER[state.breaker],
    places: state.maxConcurrent,
    // Reads and writes are counted against separate limits, so the sum can exceed one of them.
    taken: Math.min(state.running, state.maxConcurrent),
  };
}

function merged(a: BackendReading, b: BackendReading): BackendReading {
  const isWorse = (BADNESS[b.breaker] ?? 0) > (BADNESS[a.breaker] ?? 0);
  return {
    backend: a.backend,
    isUp: a.isUp && b.isUp,
    breaker: isWorse ? b.breaker : a.breaker,
    places: a.places + b.places,
    taken: a.taken + b.taken,
  };
}
