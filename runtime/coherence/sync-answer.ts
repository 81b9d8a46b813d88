// Checks of what the registry answers. No answer is used before it has passed them.
import type { LogRecord, SyncAnswer } from '../backend/log-capability.ts';

/** Whether all numbers are whole: a NaN would make every comparison false, and old values valid. */
export function isSaneAnswer({ inc, head, floor, nowUs, groups, tail }: SyncAnswer): boolean {
  if (![inc, head, floor, nowUs].every(isWhole) || inc === 0) return false;
  return groups.every(([, position]) => isWhole(position)) && tail.every(isSaneRecord);
}

/** The same for one record, whose position must also be above the previous one. */
export function isSaneRecord({ inc, previous, position }: LogRecord): boolean {
  return isWhole(inc) && isWhole(previous) && isWhole(position) && previous < position;
}

/** Whether the tail continues from `head` without a gap, up to the registry's own head. */
export function tailJoins(answer: SyncAnswer, head: number): boolean {
  let known = head;
  for (const { previous, position } of answer.tail) {
    if (position <= known) continue;
    if (previous > known) return false;
    known = position;
  }
  return answer.head <= known;
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
