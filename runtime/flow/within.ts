// A wait with a deadline.
import { LATE_TIMER_MS } from '../config/clock.ts';

/**
 * Resolves to the promise's value, or to `otherwise` after `deadlineMs` or if the promise rejects. If the timer fires
 * late because this process was busy, pending I/O is handled first, so that a value which came in time still counts.
 */
export async function within<T, U>(promise: Promise<T>, deadlineMs: number, otherwise: U): Promise<T | U> {
  const dueMs = performance.now() + deadlineMs;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<U>((resolve) => {
    const expire = (): void => resolve(otherwise);
    timer = setTimeout(() => {
      if (performance.now() - dueMs < LATE_TIMER_MS) expire();
      else setImmediate(expire);
    }, deadlineMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
