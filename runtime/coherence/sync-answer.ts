// Reading what the registry answered. Nothing of it is trusted before it is looked at.
import type { LogRecord, SyncAnswer } from '../backend/log-capability.ts';

/** Numbers are numbers: one that is none would make every comparison false, and old values valid. */
export function isSaneAnswer({ inc, head, floor, nowUs, groups, tail }: SyncAnswer): boolean {
  if (![inc, head, floor, nowUs].every(isWhole) || inc === 0) return false;
  return groups.every(([, position]) => isWhole(position)) && tail.every(isSaneRecord);
}

export function isSaneRecord({ inc, previous, position }: LogRecord): boolean {
  return isWhole(inc) && isWhole(previous) && isWhole(position) && previous < position;
}

/** Each record after `head` follows on the one before, and the last of them is the registry's own head. */
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
