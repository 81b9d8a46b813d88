// A cheap AbortSignal: tells an operation that nobody waits for it any more. A real AbortSignal with its listeners costs
// more than the rest of a read, and most operations are never given up, so the signal is only made on request.

/** Tells one operation that its caller has given it up. */
export class Abandonment {
  #isGivenUp = false;
  /** Has a field of its own: most operations have one listener, and an array would be the largest object of a read. */
  #listener: (() => void) | undefined;
  #others: (() => void)[] | undefined;
  #controller: AbortController | undefined;

  /** True once `giveUp` was called. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Registers a listener, called once if the operation is given up later. It must not throw. */
  onGivenUp(run: () => void): void {
    if (this.#listener === undefined) this.#listener = run;
    else (this.#others ??= []).push(run);
  }

  /** The same as an AbortSignal, for backends that implement the plain port. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isGivenUp) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Tells every listener; a second call does nothing. */
  giveUp(): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    this.#listener?.();
    for (const run of this.#others ?? []) run();
    this.#controller?.abort();
  }
}
