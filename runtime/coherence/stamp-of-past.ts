// The stamp of a moment before the process first synchronised, by the registry's clock.
import type { EntryStamp, View } from './view.ts';

/** Allowance for the drift of the two clocks while a function runs. */
const CLOCK_SLACK_US = 1000;

/**
 * The stamp of the monotonic moment `atMs`. `aheadMs`: the registry's clock minus the monotonic clock. undefined before
 * the first synchronisation.
 */
export function stampOfPast(
  { inc, head }: Pick<View, 'inc' | 'head'>,
  aheadMs: number | undefined,
  atMs: number,
): EntryStamp | undefined {
  if (aheadMs === undefined || inc === 0) return undefined;
  // Every record made after that moment has at least this position. The head is an upper limit as well: if the registry's
  // clock was set back, later positions continue from the head.
  const registryUs = Math.floor((atMs + aheadMs) * 1000) - CLOCK_SLACK_US;
  return { inc, born: Math.max(0, Math.min(registryUs, head)) };
}
