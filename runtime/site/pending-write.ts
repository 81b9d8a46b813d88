// A write to the second tier that has not ended.
import type { MemoryEntry } from '../memory/memory-entry.ts';

/** What an invalidation can do about a pending write: cancel it, and wait for its end. */
export interface PendingWrite {
  /** Set by an invalidation: a write that has not begun yet will not begin. */
  cancelled: boolean;
  done: Promise<void>;
  /** The memory entry of the same value, until it is known whether the value is valid. */
  readonly early: MemoryEntry | undefined;
}
