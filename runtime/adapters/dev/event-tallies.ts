// Counts what the channels say, by function and by backend. Hits in memory are not heard: the sites count those.
import type { CacheEvents } from '../../observe/events.ts';
import { subscribe } from '../../observe/publish.ts';
import type { BackendView, DevSnapshot, Tally } from './dev-snapshot.ts';
import { LatencyRecorder } from './latency-histogram.ts';

/** A program that makes functions, or names of backends, without end does not fill memory here. */
const MOST_NAMES = 2000;
const MOST_NOTICES = 100;

export class FunctionTally {
  readonly reasons = new Map<string, number>();
  readonly discards = new Map<string, number>();
  readonly backendHits = new LatencyRecorder();
  readonly runs = new LatencyRecorder();
  failedRuns = 0;
}

class BackendTally {
  readonly outcomes = new Map<string, number>();
  readonly operations = new LatencyRecorder();
  readonly states = new Map<string, string>();
}

export interface EventTallies {
  /** By the id of the function. */
  readonly functions: ReadonlyMap<string, FunctionTally>;
  readonly invalidations: ReadonlyMap<string, number>;
  readonly notices: DevSnapshot['notices'];
  backends(): BackendView[];
  stop(): void;
}

export function tallyEvents(): EventTallies {
  const functions = new Map<string, FunctionTally>();
  const backends = new Map<string, BackendTally>();
  const invalidations = new Map<string, number>();
  const notices: CacheEvents['cachekit:notice'][] = [];
  const stops = [
    subscribe('cachekit:left-memory', ({ site, status, tier, reason, durationMs }) => {
      const tally = of(functions, site, () => new FunctionTally());
      if (status === 'hit') {
        if (tier === 'backend') tally?.backendHits.add(durationMs);
      } else if (tally !== undefined) count(tally.reasons, `${status}: ${reason ?? 'unknown'}`);
    }),
    subscribe('cachekit:run', ({ site, ok, durationMs }) => {
      const tally = of(functions, site, () => new FunctionTally());
      if (tally === undefined) return;
      tally.runs.add(durationMs);
      if (!ok) tally.failedRuns++;
    }),
    subscribe('cachekit:discard', ({ site, reason }) => {
      const tally = of(functions, site, () => new FunctionTally());
      if (tally !== undefined) count(tally.discards, reason);
    }),
    subscribe('cachekit:invalidate', ({ scope, origin, complete }) =>
      count(invalidations, `${scope}, ${origin}${complete ? '' : ', not complete'}`),
    ),
    subscribe('cachekit:backend', ({ backend, outcome, durationMs }) => {
      const tally = of(backends, backend, () => new BackendTally());
      if (tally === undefined) return;
      count(tally.outcomes, outcome);
      if (outcome !== 'open' && outcome !== 'rejected') tally.operations.add(durationMs); // else nobody was asked
    }),
    subscribe('cachekit:state', ({ subject, backend, state }) => {
      const tally = of(backends, backend, () => new BackendTally());
      // A backend has a breaker for reads and one for writes.
      const which = subject === 'breaker' ? (state.split('-')[0] ?? '') : '';
      tally?.states.set(`${subject} ${which}`, `${subject} ${state}`);
    }),
    subscribe('cachekit:notice', (event) => {
      if (notices.length < MOST_NOTICES) notices.push(event);
    }),
  ];
  return {
    functions,
    invalidations,
    notices,
    backends: () =>
      [...backends].map(([name, { outcomes, operations, states }]) => ({
        name,
        outcomes: tallied(outcomes),
        operations,
        states: [...states.values()],
      })),
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/** Most frequent first. */
export function tallied(counts: ReadonlyMap<string, number>): Tally[] {
  return [...counts]
    .map(([name, amount]) => ({ name, count: amount }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** undefined: there are too many already. */
function of<T>(all: Map<string, T>, name: string, create: () => T): T | undefined {
  let found = all.get(name);
  if (found === undefined && all.size < MOST_NAMES) all.set(name, (found = create()));
  return found;
}
