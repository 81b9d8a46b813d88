// A place in the bulkhead, from the beginning of an operation until it is given back.
import type { Abandonment } from '../backend/abandonment.ts';
import type { Clock } from '../config/clock.ts';
import type { Bulkhead } from './bulkhead.ts';

/** A backend that ignores its signal keeps its place in the bulkhead no longer than this after the deadline. */
const LONGEST_HOLD_MS = 5000;

/**
 * For an operation that the bulkhead has let in. The returned function gives the place back, once; so does a long
 * silence after the operation was given up, or its being given up itself (`leavesAtOnce`, default false).
 */
export function takePlace(
  bulkhead: Bulkhead,
  abandonment: Abandonment,
  clock: Clock,
  leavesAtOnce = false,
): () => void {
  let isHeld = true;
  let cancelHold: (() => void) | undefined;
  const leave = (): void => {
    if (!isHeld) return;
    isHeld = false;
    cancelHold?.();
    bulkhead.leave();
  };
  abandonment.onGivenUp(() => {
    if (leavesAtOnce) leave();
    else if (isHeld) cancelHold = clock.setTimer(leave, LONGEST_HOLD_MS);
  });
  return leave;
}
