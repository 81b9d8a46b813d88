// `await expectCached(load, 1)`: the assertion that a function is cached, for any test runner.
import { AssertionError, deepStrictEqual } from 'node:assert';
import type { AnyFunction, ArgsOf } from '../config/cache-options.ts';
import { flush } from '../config/configure.ts';
import { CacheKitError } from '../errors/cachekit-error.ts';
import type { CacheEvents } from '../observe/events.ts';
import { cacheOf } from '../site/handle/cache-of.ts';
import { subscribe } from '../site/subscribe.ts';

type CallEvent = CacheEvents['cachekit:call'];

/**
 * Calls the function twice. Errors of the function itself pass through.
 * @throws AssertionError unless the second call is a hit, from whichever tier, that deep-equals the first result
 */
export async function expectCached<F extends AnyFunction>(fn: F, ...args: ArgsOf<F>): Promise<void> {
  const id = idOf(fn);
  const call = async (): Promise<unknown> => Reflect.apply(fn, undefined, args as never[]); // F takes these arguments
  const first = await call();
  // With memory off, the hit must come from the second tier, which is written in the background.
  await flush();
  const events: CallEvent[] = [];
  const stop = subscribe('cachekit:call', (event) => {
    if (event.site === id) events.push(event);
  });
  let second: unknown;
  try {
    second = await call();
  } finally {
    stop();
  }
  // The last event is that of the call itself: events of recursive calls come before it.
  const own = events.at(-1);
  if (own?.status !== 'hit') throw notCached(id, own);
  deepStrictEqual(second, first, `The hit of \`${id}\` differs from the result that was stored.`);
}

function idOf(fn: AnyFunction): string {
  try {
    return cacheOf(fn).id;
  } catch (error) {
    if (!(error instanceof CacheKitError)) throw error;
    throw new AssertionError({ message: error.message });
  }
}

function notCached(id: string, event: CallEvent | undefined): AssertionError {
  const how = event === undefined ? 'did not reach its cache' : `was a ${event.status}`;
  const why = event?.reason === undefined ? '' : ` (${event.reason})`;
  return new AssertionError({ message: `The second call of \`${id}\` ${how}${why}, not a hit.` });
}
