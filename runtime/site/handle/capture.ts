// Capture mode: a handle calls the function itself to learn what it would be keyed by, and stops before its body.
import { CacheKitError } from '../../errors/cachekit-error.ts';
import type { MemoryEntry } from '../../memory/memory-entry.ts';
import type { Body, GivenKey } from '../emitted-site.ts';
import type { SiteCore } from '../site-core.ts';
import { slowDown } from '../tick-clock.ts';
import { NOBODY, throwForNobody } from './nobody.ts';

/** One call as the function bound it: its defaults and destructuring have run, its body has not. */
export interface CapturedCall {
  readonly core: SiteCore;
  readonly args: readonly unknown[];
  readonly given: GivenKey | undefined;
  readonly body: Body;
  /** What a hit of this very call would find. */
  readonly found: MemoryEntry | undefined;
}

interface Capture {
  readonly core: SiteCore;
  found: MemoryEntry | undefined;
  call: { args: readonly unknown[]; given: GivenKey | undefined; body: Body } | undefined;
}

let current: Capture | undefined;

/** From `slow`: remembers the entry that the typed index found. */
export function noteHit(core: SiteCore, entry: MemoryEntry | undefined): void {
  if (current?.core === core) current.found = entry;
}

/** From `run`: true when this call is only being looked at, and the body must not run. */
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
 * Calls `fn` in capture mode. What its defaults throw passes through.
 * @throws ERR_CACHEKIT_NOT_CACHED when the call never reached the cache; ERR_CACHEKIT_NEEDS_SELF when its key reads an
 * object and there is none
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
    result = Reflect.apply(fn, self ?? NOBODY, args as never[]); // the caller's types say what fn takes
  } catch (error) {
    throwForNobody(self, error);
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
  // Parameters that throw do so as a rejection where `async` stayed on the function.
  if (!(result instanceof Promise)) throw missed;
  return result.then(() => {
    throw missed;
  });
}

function ignoreRejection(result: unknown): void {
  if (result instanceof Promise) result.catch(() => undefined);
}
