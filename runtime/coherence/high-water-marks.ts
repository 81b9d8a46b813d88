// Replay protection: the newest authentic entry that this process has seen under each backend key. An older entry that an
// attacker puts back is authentic too, so only this record reveals it.
import { RecentMap } from '../crypto/recent-map.ts';
import type { EntryFacts } from '../entry/entry.ts';

/** Backend keys remembered, least recently used ones dropped first. About 4 MB when full. */
const MAX_NAMES = 16_384;

interface Mark {
  readonly inc: number;
  readonly born: number;
  readonly storedAtMs: number;
}

type Origin = Pick<EntryFacts, 'stamp' | 'times'>;

/** The marks of one backend. Keys that were forgotten or never seen are not protected. */
export class HighWaterMarks {
  readonly #marks: RecentMap<string, Mark>;

  constructor(maxNames = MAX_NAMES) {
    this.#marks = new RecentMap(maxNames);
  }

  /**
   * For an entry that was read and is authentic and valid. False: it is older than one seen before. An entry is newer if
   * it was born at a later position, or at the same position and stored later. Positions come first, because the clock
   * of a server can be set back while positions cannot.
   */
  admit(name: string, { stamp, times }: Origin): boolean {
    const mark = this.#marks.get(name);
    // A valid entry belongs to the registry that is followed now, and entries of earlier ones never become valid again.
    if (mark === undefined || mark.inc !== stamp.inc || stamp.born > mark.born) {
      this.#marks.set(name, markOf(stamp, times.storedAtMs));
      return true;
    }
    if (times.storedAtMs < mark.storedAtMs) return false;
    if (times.storedAtMs > mark.storedAtMs) this.#marks.set(name, { ...mark, storedAtMs: times.storedAtMs });
    return true;
  }

  /** This process has stored the entry: it becomes the mark, even if its clock was set back. */
  stored(name: string, { stamp, times }: Origin): void {
    this.#marks.set(name, markOf(stamp, Math.floor(times.storedAtMs)));
  }

  /** This process has invalidated the entry, in a backend without a log that would record it. */
  removed(name: string, nowMs: number): void {
    this.#marks.set(name, { inc: 0, born: 0, storedAtMs: Math.floor(nowMs) });
  }
}

function markOf({ inc, born }: EntryFacts['stamp'], storedAtMs: number): Mark {
  return { inc, born, storedAtMs };
}
