// When what was invalidated, for a limited number of subjects and a limited time; knows what it has forgotten.

export interface Mark {
  /** Of the record; 0 while it is not known. */
  position: number;
  /** When this process learnt of it, in its own order. */
  seq: number;
  atMs: number;
}

export class MarkTable {
  /** Marks that were dropped have positions up to this. */
  forgottenPosition = 0;
  /** And are not younger than this in the process's own order. */
  forgottenSeq = 0;
  /** Oldest first. */
  readonly #marks = new Map<string, Mark>();
  readonly #most: number;
  readonly #lifeMs: number;
  readonly #onForgotten: ((subject: string) => void) | undefined;

  constructor(most: number, lifeMs: number, onForgotten?: (subject: string) => void) {
    this.#most = most;
    this.#lifeMs = lifeMs;
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#marks.size;
  }

  get(subject: string): Mark | undefined {
    return this.#marks.get(subject);
  }

  /** Never lowers a position or a seq. */
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

  clear(): void {
    this.#marks.clear();
    this.forgottenPosition = 0;
  }

  #trim(nowMs: number): void {
    for (const [subject, mark] of this.#marks) {
      if (this.#marks.size <= this.#most && nowMs - mark.atMs < this.#lifeMs) return;
      this.#marks.delete(subject);
      this.forgottenPosition = Math.max(this.forgottenPosition, mark.position);
      this.forgottenSeq = Math.max(this.forgottenSeq, mark.seq);
      this.#onForgotten?.(subject);
    }
  }
}
