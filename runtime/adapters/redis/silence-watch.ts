// Detects a socket on which commands wait in vain, with one timer for all commands instead of one per command.

/**
 * Counts commands and replies, which come in the same order. While commands wait it checks every `limitMs / 2`, and
 * calls `onSilent` when the oldest command has waited for between `limitMs` and 1.5 times that. The timer ends with
 * the first check that finds no command waiting.
 */
export class SilenceWatch {
  readonly #limitMs: number;
  readonly #onSilent: () => void;
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #answered = 0;
  /** Commands sent until the last check, and until the one before. */
  #sentAtLastCheck = 0;
  #sentAtCheckBefore = 0;

  constructor(limitMs: number, onSilent: () => void) {
    this.#limitMs = limitMs;
    this.#onSilent = onSilent;
  }

  /** A command was sent. */
  sent(): void {
    this.#sent++;
    if (this.#timer === undefined) this.#schedule();
  }

  /** A command was answered, well or not. */
  answered(): void {
    this.#answered++;
  }

  /**
   * The caller of a command gave up `ageMs` after it was sent. After about `limitMs` its reply is not late but lost,
   * and every later reply may be taken for that to the command before.
   */
  gaveUp(ageMs: number): void {
    if (ageMs >= 0.9 * this.#limitMs) this.#onSilent();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    // setImmediate: replies that arrived while the event loop was blocked are read before the check.
    const check = (): void => void setImmediate(() => this.#check());
    this.#timer = setTimeout(check, this.#limitMs / 2).unref();
  }

  #check(): void {
    if (this.#timer === undefined) return; // stopped
    this.#timer = undefined;
    const isSilent = this.#answered < this.#sentAtCheckBefore;
    this.#sentAtCheckBefore = this.#sentAtLastCheck;
    this.#sentAtLastCheck = this.#sent;
    if (this.#answered < this.#sent) this.#schedule();
    if (isSilent) this.#onSilent();
  }
}
