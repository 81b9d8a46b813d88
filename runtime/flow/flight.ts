// One run of a function that later callers of the same key wait for.
import { AsyncScope } from './async-scope.ts';
import { isMarkedBetween } from './tag-marks.ts';

/** What the waiters of a flight may have, once it has ended well. */
export interface Master {
  readonly value: unknown;
  readonly copy: ((value: unknown) => unknown) | undefined;
}

export interface Flight {
  /** Monotonic. */
  readonly startedMs: number;
  /** What the first caller got. Carries no handler of ours: a failure that nobody awaits stays an unhandled rejection. */
  promise: Promise<unknown> | undefined;
  /** Its value came from the second tier: no run was needed. */
  fromBackend: boolean;
  /** Somebody waits for it besides its first caller. */
  isJoined: boolean;
  /** Invalidated while it ran: its result is not stored and nobody joins it any more. */
  detached: boolean;
  /** Kept value; undefined while running, and for a value that cannot be copied. */
  master: Master | undefined;
  /** The older value that callers get if the function fails, or takes too long. */
  grace: Grace | undefined;
  /** Its function failed, and `master` is from `grace`. */
  failed: boolean;
  /** The first caller has its answer already: an older value, because the function was slow. */
  isLeaderGone: boolean;
  /** Of a result: the group ids of its tags, and what was known of tags when its function began. */
  tagged: { readonly ids: readonly string[]; readonly since: number } | undefined;
  /** Name of the entry in a backend, once it is known. */
  name: string | undefined;
  readonly nesting: Nesting;
}

/**
 * A run of a function, within the run whose function made the call. Whatever the function opens (connections, timers)
 * keeps this for as long as it lives, so it leads to no value.
 */
interface Nesting {
  readonly parent: Nesting | undefined;
}

/** A value past its ttl that may be served in the place of an error. */
export interface Grace {
  readonly content: Master;
  readonly tier: 'memory' | 'backend';
  /** Asked at the moment it would be served: not gone, not invalidated. */
  readonly isValid: () => boolean;
}

const inside = new AsyncScope<Nesting>();

/** Before Node 24 a running AsyncLocalStorage slows down every promise of the process: not worth it there. */
const KNOWS_NESTING = Number.parseInt(process.versions.node, 10) >= 24;

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

/** Runs the function such that calls it makes know which flight they belong to. */
export function runInside<T>(flight: Flight, run: () => T): T {
  return KNOWS_NESTING ? inside.run(flight.nesting, run) : run();
}

/** A function that waits for itself would wait for ever. */
export function isInside(flight: Flight): boolean {
  if (flight.promise === undefined) return true; // its function has not returned yet, so it is below us on the stack
  for (let at = inside.current(); at !== undefined; at = at.parent) if (at === flight.nesting) return true;
  return false;
}

export interface Waiting {
  /** `tagSequence()` when the waiter came. */
  readonly arrived: number;
  /** For a value that cannot be copied: each caller then has to have its own. */
  readonly rerun: () => unknown;
  /** The waiter came after a tag of the result was invalidated, which nobody could know before the end: once more. */
  readonly again: () => unknown;
}

/** What a waiter gets. */
export async function waitFor(flight: Flight, { arrived, rerun, again }: Waiting): Promise<unknown> {
  await flight.promise;
  const { master, tagged } = flight;
  if (tagged !== undefined && isOlderThan(tagged, arrived)) return again();
  return master === undefined ? rerun() : copyOf(master);
}

/** Invalidated between the beginning of the run and the arrival. */
function isOlderThan({ ids, since }: NonNullable<Flight['tagged']>, arrived: number): boolean {
  return arrived > since && isMarkedBetween(ids, since, arrived);
}

/** A value of the caller's own. */
export function copyOf({ value, copy }: Master): unknown {
  return copy === undefined ? value : copy(value);
}

/** What there is instead of a result; undefined: nothing, or it was invalidated meanwhile. */
function graceOf(flight: Flight): Grace | undefined {
  return flight.detached || flight.grace?.isValid() !== true ? undefined : flight.grace;
}

/** The same, with a copy for one caller; also undefined: the codec of a class fails. */
export function takeGrace(flight: Flight): { readonly grace: Grace; readonly value: unknown } | undefined {
  const grace = graceOf(flight);
  try {
    return grace && { grace, value: copyOf(grace.content) };
  } catch {
    return undefined;
  }
}
