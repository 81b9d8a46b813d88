// Which tags were invalidated in this process, and when: a function that began before must not store under them.

/** More are forgotten, oldest first; what began before the last forgotten one then stores nothing. */
const MOST_MARKS = 10_000;

let sequence = 0;
let forgotten = 0;
const marks = new Map<string, number>();

/** Grows with every mark. */
export function tagSequence(): number {
  return sequence;
}

/** `id`: group id of the tag. */
export function markTag(id: string): void {
  marks.delete(id); // so that the order of the map is that of the marks
  marks.set(id, ++sequence);
  if (marks.size <= MOST_MARKS) return;
  for (const [oldest, at] of marks) {
    marks.delete(oldest);
    forgotten = at;
    return;
  }
}

/** The last invalidation of one of the tags was after `since`, and not after `until`; or it cannot be told any more. */
export function isMarkedBetween(ids: readonly string[], since: number, until: number): boolean {
  if (ids.length > 0 && since < forgotten) return true;
  return ids.some((id) => {
    const at = marks.get(id) ?? 0;
    return at > since && at <= until;
  });
}

/** One of the tags was invalidated after `since`, or it cannot be told any more. */
export function isMarkedSince(ids: readonly string[], since: number): boolean {
  return ids.length > 0 && (since < forgotten || ids.some((id) => (marks.get(id) ?? 0) > since));
}
