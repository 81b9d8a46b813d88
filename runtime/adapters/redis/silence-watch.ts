// Finds sockets on which commands wait in vain, with one timer for all commands instead of one for each.

/**
 * Counts commands and answers, which come in the same order. While commands wait it looks twice per `limitMs`; when the
 * oldest has waited for longer than that (found within half of it again) it calls `onSilent`. No timer is left one look
 * after the last answer.
 */
export class SilenceWatch {
  readonly #limitMs: number;
  readonly #onSilent: () => void;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #answered = 0;
  /** What had been sent at the last look, and at the one before. */
  #sentBefore = 0;
  #sentLongBefore = 0;

  constructor(limitMs: number, onSilent: () => void) {
    this.#limitMs = limitMs;
    this.#onSilent = onSilent;
  }

  sent(): void {
    this.#sent++;
    if (this.#timer === undefined) this.#schedule();
  }

  answered(): void {
    this.#answered++;
  }

  /**
   * Whoever waited for a command gave up `ageMs` after it was sent. After so long its answer is not late but lost, and
   * the answers to all later commands may be taken for those to the command before.
   */
  gaveUp(ageMs: number): void {
    if (ageMs >= 0.9 * this.#limitMs) this.#onSilent();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    // What arrived while this process was busy is read first, and only then judged.
    const look = (): void => void setImmediate(() => this.#look());
    this.#timer = setTimeout(look, this.#limitMs / 2).unref();
  }

  #look(): void {
    if (this.#timer === undefined) return; // stopped
    this.#timer = undefined;
    const isSilent = this.#answered < this.#sentLongBefore;
    this.#sentLongBefore = this.#sentBefore;
    this.#sentBefore = this.#sent;
    if (this.#answered < this.#sent) this.#schedule();
    if (isSilent) this.#onSilent();
  }
}
