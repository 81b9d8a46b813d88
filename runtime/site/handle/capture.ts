// Capture mode: a handle calls the function to learn the key of the call; the call stops before the function body.
import { CacheKitError } from '../../errors/cachekit-error.ts';
import type { MemoryEntry } from '../../memory/memory-entry.ts';
import type { Body, GivenKey } from '../emitted-site.ts';
import type { SiteCore } from '../site-core.ts';
import { slowDown } from '../tick-clock.ts';
import { MISSING_SELF, rethrowOrNeedsSelf } from './missing-self.ts';

/** One call as the function bound it: defaults and destructuring have run, the body has not. */
export interface CapturedCall {
  readonly core: SiteCore;
  readonly args: readonly unknown[];
  readonly given: GivenKey | undefined;
  readonly body: Body;
  /** The memory entry that a hit of this call would find. */
  readonly found: MemoryEntry | undefined;
}

interface Capture {
  readonly core: SiteCore;
  found: MemoryEntry | undefined;
  call: { args: readonly unknown[]; given: GivenKey | undefined; body: Body } | undefined;
}

let current: Capture | undefined;

/** Called by `SiteCore.slow`: remembers the entry that the typed index found. */
export function noteHit(core: SiteCore, entry: MemoryEntry | undefined): void {
  if (current?.core === core) current.found = entry;
}

/** Called by `run`. True if the call is only captured, so that the body must not run. */
export function isCaptured(core: SiteCore, args: readonly unknown[], body: Body, given?: GivenKey): boolean {
  if (current?.core !== core) return false;
  current.call = { args, body, given };
  return true;
}

/** True while a handle binds arguments of this site: its function must not run. */
export function isCapturing(core: SiteCore): boolean {
  return current?.core === core;
}

/**
 * Calls `fn` in capture mode. Errors of its parameter defaults are passed on.
 * @throws ERR_CACHEKIT_NOT_CACHED if the call did not reach the cache; ERR_CACHEKIT_NEEDS_SELF if its key reads `this`
 * and the handle has no object
 */
export function capture(
  core: SiteCore,
  fn: (...args: never[]) => unknown,
  self: unknown,
  args: readonly unknown[],
): CapturedCall | Promise<never> {
  const outer = current;
  const mine: Capture = (current = { core, found: undefined, call: undefined });
  const restoreSpeed = slowDown();
  let result: unknown;
  try {
    result = Reflect.apply(fn, self ?? MISSING_SELF, args as never[]); // the caller's types say what fn takes
  } catch (error) {
    rethrowOrNeedsSelf(self, error);
  } finally {
    current = outer;
    restoreSpeed();
  }
  if (mine.call !== undefined) {
    ignoreRejection(result);
    return { core, found: mine.found, ...mine.call };
  }
  const missed = new CacheKitError(
    'ERR_CACHEKIT_NOT_CACHED',
    `A call of \`${core.descriptor.id}\` did not reach its cache. A decorator around it may delay the call: use the undecorated function.`,
  );
  // If `async` stayed on the function, an error of its parameters is a rejection.
  if (!(result instanceof Promise)) throw missed;
  return result.then(() => {
    throw missed;
  });
}

function ignoreRejection(result: unknown): void {
  if (result instanceof Promise) result.catch(() => undefined);
}
