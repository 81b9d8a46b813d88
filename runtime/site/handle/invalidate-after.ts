// Called by emitted code for a function with `@cacheInvalidate`: runs its body, invalidates, and gives its own result.
import type { AnyFunction } from '../../config/cache-options.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { runInBackground } from '../../flow/background.ts';
import { within } from '../../flow/within.ts';
import { notice } from '../../observe/notice.ts';
import { copyValue } from '../../value/copy-value.ts';
import { isPromise } from '../../value/node-types.ts';
import { siteOfFunction } from '../registry.ts';
import { invalidateTags } from './invalidate-groups.ts';

/** Longest wait of the caller for backends. The invalidation continues, and `flush()` waits for it. */
const BACKEND_WAIT_MS = 500;

type Values = () => readonly unknown[];

/**
 * What is invalidated. `who` returns the function and the object it is read from; 0: the values are tags. `before`
 * returns the arguments of the call, and is called before the body runs; absent: all calls are invalidated. `after` gets
 * these arguments and the result, and returns the arguments to use instead.
 */
export type InvalidationTarget = readonly [
  who: (() => readonly [fn: unknown, self?: unknown]) | 0,
  before?: Values,
  after?: (before: readonly unknown[], result: never) => readonly unknown[],
];

/** A target with the arguments that `before` returned. `failed`: it threw. */
interface Prepared {
  readonly target: InvalidationTarget;
  readonly given: readonly unknown[] | undefined;
  readonly failed: boolean;
}

/**
 * Runs the body and returns its result or throws its error, unchanged. If the body succeeds, the targets are invalid in
 * this process when this returns. A function that returns a promise also waits for backends, for a short time.
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

/** Copies the arguments now, because the body may modify them. */
function prepare(target: InvalidationTarget): Prepared {
  const [, before] = target;
  try {
    return { target, given: before?.().map((value) => copyValue(value)), failed: false };
  } catch {
    return { target, given: undefined, failed: true };
  }
}

/** Invalidates in this process, then waits for backends. A target that fails stops neither the others nor the writer. */
function apply(prepared: readonly Prepared[], result: unknown): readonly Promise<void>[] {
  return prepared.map(async ({ target, given, failed }) => {
    try {
      if (failed) sayFailed('its arguments could not be read.');
      else await invalidate(target, given, result);
    } catch (error) {
      // Only our own messages are shown: errors of user code may hold values.
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
