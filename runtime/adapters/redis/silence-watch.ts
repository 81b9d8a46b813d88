// Finds sockets on which commands wait in vain, with one timer for all commands instead of one for each.

/** A socket that still talks but answers nothing is given up after this many times the limit for silence. */
const MUMBLING_FACTOR = 5;

interface Watched {
  /** Of the present socket, since it was opened. */
  readonly bytesRead: () => number;
  readonly onSilent: () => void;
}

/**
 * While commands wait it looks twice per `limitMs`: nothing arrived for `limitMs` (found within half of that again), or
 * bytes but no answer for five times as long, and `onSilent` is called. No timer is left one look after the last answer.
 */
export class SilenceWatch {
  readonly #everyMs: number;
  readonly #watched: Watched;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  /** Moves with each answer, and each time commands begin to wait. */
  #events = 0;
  #seenEvents = 0;
  #seenBytes = 0;
  #silentLooks = 0;
  #unansweredLooks = 0;

  constructor(limitMs: number, watched: Watched) {
    this.#everyMs = limitMs / 2;
    this.#watched = watched;
  }

  busy(isBusy: boolean): void {
    if (isBusy && !this.#isBusy) this.#events++;
    this.#isBusy = isBusy;
    if (isBusy && this.#timer === undefined) this.#schedule();
  }

  answered(): void {
    this.#events++;
  }

  stop(): void {
    this.#isBusy = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    // What arrived while this process was busy is read first, and only then judged.
    this.#timer = setTimeout(() => setImmediate(() => this.#look()), this.#everyMs).unref();
  }

  #look(): void {
    this.#timer = undefined;
    if (!this.#isBusy) return;
    const bytes = this.#watched.bytesRead();
    const isAnswered = this.#events !== this.#seenEvents;
    this.#unansweredLooks = isAnswered ? 0 : this.#unansweredLooks + 1;
    this.#silentLooks = isAnswered || bytes !== this.#seenBytes ? 0 : this.#silentLooks + 1;
    this.#seenEvents = this.#events;
    this.#seenBytes = bytes;
    if (this.#silentLooks >= 2 || this.#unansweredLooks >= 2 * MUMBLING_FACTOR) {
      this.#silentLooks = 0;
      this.#unansweredLooks = 0;
      this.#watched.onSilent();
    }
    this.#schedule();
  }
}
