// The stamp of a moment before the log was seen, by the registry's clock.
import type { EntryStamp, View } from './view.ts';

/** Two clocks may drift apart a little while a function runs. */
const CLOCK_SLACK_US = 1000;

/** `aheadMs`: the registry's clock, less the monotonic one. Undefined before the first synchronisation. */
export function stampOfPast(
  { inc, head }: Pick<View, 'inc' | 'head'>,
  aheadMs: number | undefined,
  atMs: number,
): EntryStamp | undefined {
  if (aheadMs === undefined || inc === 0) return undefined;
  // A record made later has a position of at least the registry's time then. Not above the head either: should the
  // registry's clock be set back, positions go on from there.
  const registryUs = Math.floor((atMs + aheadMs) * 1000) - CLOCK_SLACK_US;
  return { inc, born: Math.max(0, Math.min(registryUs, head)) };
}
