// Whether anybody still waits for an operation. The port says it with an AbortSignal; this says it without the cost of
// one: a signal with its listeners takes longer than the work around it, and most operations are never given up.

export class Abandonment {
  #isGivenUp = false;
  /** Mostly there is one: a list for it would be the largest object of a read. */
  #listener: (() => void) | undefined;
  #others: (() => void)[] | undefined;
  #controller: AbortController | undefined;

  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Called once, if and when it is given up. Must not throw. */
  onGivenUp(run: () => void): void {
    if (this.#listener === undefined) this.#listener = run;
    else (this.#others ??= []).push(run);
  }

  /** The same as a signal, for those who know nothing else. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isGivenUp) this.#controller.abort();
    return this.#controller.signal;
  }

  giveUp(): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    this.#listener?.();
    for (const run of this.#others ?? []) run();
    this.#controller?.abort();
  }
}
