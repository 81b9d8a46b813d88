// What emitted code calls for a function with `@cacheInvalidate`: its body, then the invalidations, then its own answer.
import type { AnyFunction } from '../../config/cache-options.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { runInBackground } from '../../flow/background.ts';
import { within } from '../../flow/within.ts';
import { notice } from '../../observe/notice.ts';
import { copyValue } from '../../value/copy-value.ts';
import { isPromise } from '../../value/node-types.ts';
import { siteOfFunction } from '../registry.ts';
import { invalidateTags } from './invalidate-groups.ts';

/** The caller waits no longer for backends; the work goes on, and `flush()` waits for it. */
const BACKEND_WAIT_MS = 500;

type Values = () => readonly unknown[];

/**
 * `who` gives the function and the object it is read from; 0: the values are one tag. `before` gives the arguments before
 * the body runs; absent: all calls. `after` gets those and the result, and gives the arguments instead.
 */
export type InvalidationTarget = readonly [
  who: (() => readonly [fn: unknown, self?: unknown]) | 0,
  before?: Values,
  after?: (before: readonly unknown[], result: never) => readonly unknown[],
];

/** One target and what it was given before the body ran. `failed`: reading that threw. */
interface Prepared {
  readonly target: InvalidationTarget;
  readonly given: readonly unknown[] | undefined;
  readonly failed: boolean;
}

/**
 * Runs the body and gives its result or error, unchanged. After a result, memory of this process is clean; a function
 * that returns a promise waits for backends as well, but never long.
 */
export function invalidateAfter(
  body: (...args: never[]) => unknown,
  args: readonly unknown[],
  targets: readonly InvalidationTarget[],
): unknown {
  const prepared = targets.map(prepare);
  const result = body(...(args as readonly never[])); // emitted for this body
  if (isPromise(result)) return afterPromise(result, prepared);
  const pending = apply(prepared, result);
  if (pending.length > 0) void runInBackground(() => Promise.all(pending));
  return result;
}

async function afterPromise(promise: Promise<unknown>, prepared: readonly Prepared[]): Promise<unknown> {
  const result = await promise;
  const pending = apply(prepared, result);
  if (pending.length > 0) {
    const all = Promise.all(pending);
    void runInBackground(() => all);
    await within(all, BACKEND_WAIT_MS, undefined);
  }
  return result;
}

/** What the arguments are now: the body may change the objects they come from. */
function prepare(target: InvalidationTarget): Prepared {
  const [, before] = target;
  try {
    return { target, given: before?.().map((value) => copyValue(value)), failed: false };
  } catch {
    return { target, given: undefined, failed: true };
  }
}

/** Memory is clean when it returns. A target that cannot be told stops no other, and never the writer. */
function apply(prepared: readonly Prepared[], result: unknown): readonly Promise<void>[] {
  return prepared.map(async ({ target, given, failed }) => {
    try {
      if (failed) sayFailed('its arguments could not be read.');
      else await invalidate(target, given, result);
    } catch (error) {
      // Errors of the user's may hold values.
      sayFailed(error instanceof CacheKitError ? error.message : 'reading it or its arguments failed.');
    }
  });
}

function invalidate(
  [who, before, after]: InvalidationTarget,
  given: readonly unknown[] | undefined,
  result: unknown,
): Promise<boolean> {
  const values = after === undefined ? given : after(given ?? [], result as never); // typed where it was written
  if (who === 0) return invalidateTags(...(values ?? []).map(String));
  const [fn, self] = who();
  const site = typeof fn === 'function' ? siteOfFunction(fn) : undefined;
  if (site === undefined)
    throw new CacheKitError('ERR_CACHEKIT_NOT_CACHED', 'it is not a cached function in this run.');
  const handle = site.open(fn as AnyFunction, self); // a site was found for it, so it is one
  return before === undefined ? handle.invalidateAll() : handle.invalidate(...((values ?? []) as never[])); // checked by the build
}

function sayFailed(why: string): void {
  notice(
    'CACHEKIT_INVALIDATION_FAILED',
    `A function with @cacheInvalidate could not invalidate one of its targets, which may stay until it expires: ${why}`,
  );
}
