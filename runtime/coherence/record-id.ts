// Names that nobody else makes: of records, and of registries.
import { nodeCrypto } from '../crypto/node-crypto.ts';

/** 16 hex digits. */
export function newRecordId(): string {
  return nodeCrypto().randomBytes(8).toString('hex');
}

/** Above every position, so that it sorts last in the registry. */
const FIRST_INC = 8e15;

/**
 * The incarnation to use if there is no registry: larger than `inc`, mostly larger than any made before, and mostly
 * nobody else's. A wrong clock only makes everything a miss once more.
 */
export function spareInc(inc: number, nowMs: number, random: () => number): number {
  const byTime = FIRST_INC + 256 * Math.max(0, Math.floor(nowMs)) + Math.floor(random() * 256);
  return Math.min(Math.max(byTime, inc + 1), Number.MAX_SAFE_INTEGER);
}
