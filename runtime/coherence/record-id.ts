// Unique ids of records, and incarnations of new registries.
import { randomHex } from '../flow/random-hex.ts';

/** A new id of a record: 16 hex digits. */
export function newRecordId(): string {
  return randomHex(8);
}

/** Larger than every position, so that `!inc` sorts last in the registry. */
const FIRST_INC = 8e15;

/**
 * The incarnation of a new registry. Always larger than `inc`; usually larger than any made before, and unlikely to be
 * chosen by another process too. If the clock is wrong, the worst case is that everything is a miss once more.
 */
export function spareInc(inc: number, nowMs: number, random: () => number): number {
  const byTime = FIRST_INC + 256 * Math.max(0, Math.floor(nowMs)) + Math.floor(random() * 256);
  return Math.min(Math.max(byTime, inc + 1), Number.MAX_SAFE_INTEGER);
}
