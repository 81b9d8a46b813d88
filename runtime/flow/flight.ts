// Single-flight: one run of a function, which later callers of the same key wait for.
import { AsyncScope } from './async-scope.ts';
import { isMarkedBetween } from './tag-marks.ts';

/** The result of a flight that succeeded: the original, of which each waiter gets a copy. */
export interface Master {
  readonly value: unknown;
  /** Makes the copy for one caller. undefined: the value is immutable and can be shared. */
  readonly copy: ((value: unknown) => unknown) | undefined;
}

/** One run of a function. The caller that started it is its leader. */
export interface Flight {
  /** By the monotonic clock. */
  readonly startedMs: number;
  /** The leader's promise. We attach no handler to it: a failure that nobody awaits stays an unhandled rejection. */
  promise: Promise<unknown> | undefined;
  /** The value came from the second tier; the function did not run. */
  fromBackend: boolean;
  /** Another caller besides the leader waits for the flight. */
  isJoined: boolean;
  /** Invalidated while it ran: its result is not stored, and no further caller joins it. */
  detached: boolean;
  /** undefined while the function runs, and if the result cannot be copied. */
  master: Master | undefined;
  /** The stale value that callers get if the function fails or takes too long. */
  grace: Grace | undefined;
  /** The function failed, and `master` is the stale value of `grace`. */
  failed: boolean;
  /** The leader has already got the stale value, because the function was slow. */
  isLeaderGone: boolean;
  /** For a result with tags: their group ids, and `tagSequence()` when the function began. */
  tagged: { readonly ids: readonly string[]; readonly since: number } | undefined;
  /** Backend key of the entry, once it is known. */
  name: string | undefined;
  readonly nesting: Nesting;
}

/**
 * Links a run to the run whose function made the call. Everything the function opens (connections, timers) retains this
 * object through its async context, so it must not reference any value.
 */
interface Nesting {
  readonly parent: Nesting | undefined;
}

/** A stale value that may be served instead of an error. */
export interface Grace {
  readonly content: Master;
  readonly tier: 'memory' | 'backend';
  /** Called just before the value is served: neither past its hard expiry nor invalidated. */
  readonly isValid: () => boolean;
}

const inside = new AsyncScope<Nesting>();

/** Before Node 24, an active AsyncLocalStorage slows down every promise in the process: nesting is not tracked there. */
const KNOWS_NESTING = Number.parseInt(process.versions.node, 10) >= 24;

/** A new flight; its `promise` is set once the function has returned. */
export function startFlight(startedMs: number, grace?: Grace): Flight {
  return {
    startedMs,
    promise: undefined,
    fromBackend: false,
    isJoined: false,
    detached: false,
    master: undefined,
    grace,
    failed: false,
    isLeaderGone: false,
    tagged: undefined,
    name: undefined,
    nesting: { parent: KNOWS_NESTING ? inside.current() : undefined },
  };
}

/** Runs the function so that `isInside(flight)` is true in every call it makes. */
export function runInside<T>(flight: Flight, run: () => T): T {
  return KNOWS_NESTING ? inside.run(flight.nesting, run) : run();
}

/** Whether the caller runs inside the flight: joining it would be a deadlock, as the function would wait for itself. */
export function isInside(flight: Flight): boolean {
  if (flight.promise === undefined) return true; // the function has not returned yet, so it is below us on the stack
  for (let at = inside.current(); at !== undefined; at = at.parent) if (at === flight.nesting) return true;
  return false;
}

/** What a caller needs to wait for the flight of another caller. */
export interface Waiting {
  /** `tagSequence()` when the waiter joined. */
  readonly arrived: number;
  /** Runs the function for this waiter alone: the result cannot be copied, so it cannot be shared. */
  readonly rerun: () => unknown;
  /**
   * Starts the call over: a tag of the result was invalidated before the waiter joined. The tags are only known once the
   * function has ended.
   */
  readonly again: () => unknown;
}

/** Waits for the flight and returns the waiter's own copy of its result. Rejects as the flight does. */
export async function waitFor(flight: Flight, { arrived, rerun, again }: Waiting): Promise<unknown> {
  await flight.promise;
  const { master, tagged } = flight;
  if (tagged !== undefined && isOlderThan(tagged, arrived)) return again();
  return master === undefined ? rerun() : copyOf(master);
}

/** True if one of the tags was invalidated after the run began and before the waiter arrived. */
function isOlderThan({ ids, since }: NonNullable<Flight['tagged']>, arrived: number): boolean {
  return arrived > since && isMarkedBetween(ids, since, arrived);
}

/** A copy for one caller; the value itself if it is immutable. */
export function copyOf({ value, copy }: Master): unknown {
  return copy === undefined ? value : copy(value);
}

/** The stale value that can stand in for a result; undefined if there is none or it was invalidated in the meantime. */
function graceOf(flight: Flight): Grace | undefined {
  return flight.detached || flight.grace?.isValid() !== true ? undefined : flight.grace;
}

/** The same with a copy for one caller. Also undefined if the copy fails (a class codec of the user threw). */
export function takeGrace(flight: Flight): { readonly grace: Grace; readonly value: unknown } | undefined {
  const grace = graceOf(flight);
  try {
    return grace && { grace, value: copyOf(grace.content) };
  } catch {
    return undefined;
  }
}
