// When each tag was last invalidated in this process. A function that began before an invalidation of its tag must not
// store its result, and a caller that came after the invalidation must not get that result.

/** Marks kept. The oldest are forgotten; a function that began before the last forgotten mark then stores nothing. */
const MAX_MARKS = 10_000;

/** Number of the last mark. */
let sequence = 0;
/** Number of the last mark that was forgotten. */
let forgotten = 0;
/** Number of the mark → tag, oldest first. */
const order = new Map<number, string>();
/**
 * Tag → numbers of all its marks, oldest first. The last mark is not enough: each invalidation is marked a second time
 * when its record arrives from the log, and a caller that arrived in between came after the first mark only.
 */
const marks = new Map<string, number[]>();

/** A moment in the order of marks: it grows with every mark. */
export function tagSequence(): number {
  return sequence;
}

/** Marks a tag as invalidated now. `id`: group id of the tag. */
export function markTag(id: string): void {
  sequence++;
  order.set(sequence, id);
  const known = marks.get(id);
  if (known === undefined) marks.set(id, [sequence]);
  else known.push(sequence);
  if (order.size > MAX_MARKS) forgetOldest();
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

/** True if one of the tags was invalidated after `since` and not after `until`, or if that is no longer known. */
export function isMarkedBetween(ids: readonly string[], since: number, until: number): boolean {
  if (ids.length > 0 && since < forgotten) return true;
  return ids.some((id) => marks.get(id)?.some((at) => at > since && at <= until) === true);
}

/** True if one of the tags was invalidated after `since`, or if that is no longer known. */
export function isMarkedSince(ids: readonly string[], since: number): boolean {
  return ids.length > 0 && (since < forgotten || ids.some((id) => (marks.get(id)?.at(-1) ?? 0) > since));
}
