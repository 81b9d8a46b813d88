// Which tags were invalidated in this process, and when: a function that began before must not store under them, and who
// came after must not be answered by it.

/** More are forgotten, oldest first; what began before the last forgotten one then stores nothing. */
const MOST_MARKS = 10_000;

let sequence = 0;
let forgotten = 0;
/** Mark → tag, oldest first. */
const order = new Map<number, string>();
/**
 * Tag → all its marks, oldest first. The last one is not enough: each invalidation comes a second time when its record is
 * heard in the log, and who arrived in between came after the first.
 */
const marks = new Map<string, number[]>();

/** Grows with every mark. */
export function tagSequence(): number {
  return sequence;
}

/** `id`: group id of the tag. */
export function markTag(id: string): void {
  sequence++;
  order.set(sequence, id);
  const known = marks.get(id);
  if (known === undefined) marks.set(id, [sequence]);
  else known.push(sequence);
  if (order.size > MOST_MARKS) forgetOldest();
}

function forgetOldest(): void {
  for (const [at, id] of order) {
    order.delete(at);
    const known = marks.get(id);
    known?.shift();
    if (known?.length === 0) marks.delete(id);
    forgotten = at;
    return;
  }
}

/** One of the tags was invalidated after `since`, and not after `until`; or it cannot be told any more. */
export function isMarkedBetween(ids: readonly string[], since: number, until: number): boolean {
  if (ids.length > 0 && since < forgotten) return true;
  return ids.some((id) => marks.get(id)?.some((at) => at > since && at <= until) === true);
}

/** One of the tags was invalidated after `since`, or it cannot be told any more. */
export function isMarkedSince(ids: readonly string[], since: number): boolean {
  return ids.length > 0 && (since < forgotten || ids.some((id) => (marks.get(id)?.at(-1) ?? 0) > since));
}
