// The last invalidation of each subject, for a limited number of subjects and a limited time. The table also knows up to
// where it has forgotten invalidations.

/** The last invalidation of one subject. */
export interface Mark {
  /** Position of the record; 0 while the invalidation has none. */
  position: number;
  /** When this process learnt of it, in its own order (`Stamp.seq`). */
  seq: number;
  /** Monotonic ms of the last change. */
  atMs: number;
}

/** The marks of single keys, or those of groups. */
export class MarkTable {
  /** Largest position of any mark that was dropped. */
  forgottenPosition = 0;
  /** Largest seq of any mark that was dropped. */
  forgottenSeq = 0;
  /** Oldest first. */
  readonly #marks = new Map<string, Mark>();
  readonly #max: number;
  readonly #lifeMs: number;
  readonly #onForgotten: ((subject: string) => void) | undefined;

  /** Marks beyond `max`, the oldest first, and marks older than `lifeMs` are dropped; `onForgotten` is told. */
  constructor(max: number, lifeMs: number, onForgotten?: (subject: string) => void) {
    this.#max = max;
    this.#lifeMs = lifeMs;
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#marks.size;
  }

  get(subject: string): Mark | undefined {
    return this.#marks.get(subject);
  }

  /** Adds or updates a mark. Never lowers its position or seq. */
  set(subject: string, position: number, seq: number, nowMs: number): void {
    const mark = this.#marks.get(subject);
    if (mark === undefined) this.#marks.set(subject, { position, seq, atMs: nowMs });
    else {
      mark.position = Math.max(mark.position, position);
      mark.seq = Math.max(mark.seq, seq);
      mark.atMs = nowMs;
      this.#marks.delete(subject);
      this.#marks.set(subject, mark);
    }
    this.#trim(nowMs);
  }

  /** Drops all marks; `forgottenSeq` stays. */
  clear(): void {
    this.#marks.clear();
    this.forgottenPosition = 0;
  }

  #trim(nowMs: number): void {
    for (const [subject, mark] of this.#marks) {
      if (this.#marks.size <= this.#max && nowMs - mark.atMs < this.#lifeMs) return;
      this.#marks.delete(subject);
      this.forgottenPosition = Math.max(this.forgottenPosition, mark.position);
      this.forgottenSeq = Math.max(this.forgottenSeq, mark.seq);
      this.#onForgotten?.(subject);
    }
  }
}
