// A wait with an end.
import { LATE_TIMER_MS } from '../config/clock.ts';

/**
 * The promise's value, or `otherwise` after `deadlineMs` or when it rejects. The timer is cleared. What came in time is not
 * given up because this process was late to look.
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
