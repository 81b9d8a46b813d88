// A wait with an end.

/** The promise's value, or `otherwise` after `deadlineMs` or when it rejects. The timer is cleared. */
export async function within<T, U>(promise: Promise<T>, deadlineMs: number, otherwise: U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<U>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), deadlineMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
