// Counts the events of the diagnostics channels, by function and by backend. Memory hits publish no event: the sites
// themselves count them.
import type { CacheEvents } from '../../observe/events.ts';
import { subscribe } from '../../observe/publish.ts';
import type { BackendView, DevSnapshot, Tally } from './dev-snapshot.ts';
import { LatencyRecorder } from './latency-histogram.ts';

/** Bounds the memory used here when a program creates cached functions, or backend names, without end. */
const MOST_NAMES = 2000;
const MOST_NOTICES = 100;

/** What was heard about one function. */
export class FunctionTally {
  readonly reasons = new Map<string, number>();
  readonly discards = new Map<string, number>();
  readonly backendHits = new LatencyRecorder();
  readonly runs = new LatencyRecorder();
  failedRuns = 0;
}

/** What was heard about one backend. */
class BackendTally {
  readonly outcomes = new Map<string, number>();
  readonly operations = new LatencyRecorder();
  /** Last state by subject; a backend has two breakers, one for reads and one for writes. */
  readonly states = new Map<string, string>();
}

/** Counts since `tallyEvents()` was called; they keep growing until `stop()`. */
export interface EventTallies {
  /** By function id. */
  readonly functions: ReadonlyMap<string, FunctionTally>;
  readonly invalidations: ReadonlyMap<string, number>;
  readonly notices: DevSnapshot['notices'];
  backends(): BackendView[];
  stop(): void;
}

/** Subscribes to all channels and counts from now on. */
export function tallyEvents(): EventTallies {
  const functions = new Map<string, FunctionTally>();
  const backends = new Map<string, BackendTally>();
  const invalidations = new Map<string, number>();
  const notices: CacheEvents['cachekit:notice'][] = [];
  const stops = [
    subscribe('cachekit:left-memory', ({ site, status, tier, reason, durationMs }) => {
      const tally = findOrAdd(functions, site, () => new FunctionTally());
      if (tally === undefined) return;
      if (status !== 'hit') count(tally.reasons, `${status}: ${reason ?? 'unknown'}`);
      else if (tier === 'backend') tally.backendHits.add(durationMs);
    }),
    subscribe('cachekit:run', ({ site, ok, durationMs }) => {
      const tally = findOrAdd(functions, site, () => new FunctionTally());
      if (tally === undefined) return;
      tally.runs.add(durationMs);
      if (!ok) tally.failedRuns++;
    }),
    subscribe('cachekit:discard', ({ site, reason }) => {
      const tally = findOrAdd(functions, site, () => new FunctionTally());
      if (tally !== undefined) count(tally.discards, reason);
    }),
    subscribe('cachekit:invalidate', ({ scope, origin, complete }) =>
      count(invalidations, `${scope}, ${origin}${complete ? '' : ', not complete'}`),
    ),
    subscribe('cachekit:backend', ({ backend, outcome, durationMs }) => {
      const tally = findOrAdd(backends, backend, () => new BackendTally());
      if (tally === undefined) return;
      count(tally.outcomes, outcome);
      const wasAsked = outcome !== 'open' && outcome !== 'rejected';
      if (wasAsked) tally.operations.add(durationMs);
    }),
    subscribe('cachekit:state', ({ subject, backend, state }) => {
      const tally = findOrAdd(backends, backend, () => new BackendTally());
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

/** The counts as a list, most frequent first. */
export function tallied(counts: ReadonlyMap<string, number>): Tally[] {
  return [...counts]
    .map(([name, amount]) => ({ name, count: amount }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** undefined for a new name once there are MOST_NAMES. */
function findOrAdd<T>(all: Map<string, T>, name: string, create: () => T): T | undefined {
  let found = all.get(name);
  if (found === undefined && all.size < MOST_NAMES) all.set(name, (found = create()));
  return found;
}
