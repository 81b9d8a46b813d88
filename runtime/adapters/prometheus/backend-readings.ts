// What the guards of the backends in use say now, by name.
import type { GuardState } from '../../reliability/guarded-backend.ts';
import { allSites, registry } from '../../site/registry.ts';

export interface BackendReading {
  readonly backend: string;
  readonly isUp: boolean;
  /** 0 closed, 1 open, 2 half-open. */
  readonly breaker: number;
  readonly places: number;
  readonly taken: number;
}

const BREAKER: Readonly<Record<GuardState['breaker'], number>> = { CLOSED: 0, OPEN: 1, HALF_OPEN: 2 };
/** Two backends of one name are shown as one: its worse half, and the places of both. */
const BADNESS = [0, 2, 1];

export function readBackends(): BackendReading[] {
  const { generation } = registry();
  // Sites that were not called since configure() still hold what they used before.
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
    // Reads and writes have places of their own; more than all of them is no share.
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
