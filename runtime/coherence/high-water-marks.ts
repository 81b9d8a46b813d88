// The newest authentic entry that this process has met under each name. An older one that turns up later is authentic as
// well, so only this tells that somebody put it back. Nothing else in the process or the backend knows.
import { RecentMap } from '../crypto/recent-map.ts';
import type { EntryFacts } from '../entry/entry.ts';

/** Names remembered, those used last: about 4 MB when full. */
const MOST_NAMES = 16_384;

interface Mark {
  readonly inc: number;
  readonly born: number;
  readonly storedAtMs: number;
}

type Origin = Pick<EntryFacts, 'stamp' | 'times'>;

/** Of one backend. What is forgotten, or was never met, is not protected. */
export class HighWaterMarks {
  readonly #marks: RecentMap<string, Mark>;

  constructor(mostNames = MOST_NAMES) {
    this.#marks = new RecentMap(mostNames);
  }

  /**
   * An entry was read and is authentic and valid. false: it is older than one that was met before. Newer is what was begun
   * later, or after more invalidations: the clock of a server can be set back, positions of its log cannot.
   */
  admit(name: string, { stamp, times }: Origin): boolean {
    const mark = this.#marks.get(name);
    // Valid entries are of the registry that is followed, and no entry of an earlier one can become valid again.
    if (mark === undefined || mark.inc !== stamp.inc || stamp.born > mark.born) {
      this.#marks.set(name, markOf(stamp, times.storedAtMs));
      return true;
    }
    if (times.storedAtMs < mark.storedAtMs) return false;
    if (times.storedAtMs > mark.storedAtMs) this.#marks.set(name, { ...mark, storedAtMs: times.storedAtMs });
    return true;
  }

  /** This process has replaced what was there: that counts, whatever its clock says now. */
  stored(name: string, { stamp, times }: Origin): void {
    this.#marks.set(name, markOf(stamp, Math.floor(times.storedAtMs)));
  }

  /** This process has made invalid what was there, in a backend without a log that would say so. */
  removed(name: string, nowMs: number): void {
    this.#marks.set(name, { inc: 0, born: 0, storedAtMs: Math.floor(nowMs) });
  }
}

function markOf({ inc, born }: EntryFacts['stamp'], storedAtMs: number): Mark {
  return { inc, born, storedAtMs };
}
