// Keeps one process in step with the log: it synchronises once, then follows the records, checks the registry every
// second, and synchronises again whenever something does not add up.
import type { FollowAnswer, LogPlace, LogRecord } from '../backend/log-capability.ts';
import type { Clock } from '../config/clock.ts';
import type { GuardedLog, GuardFailure } from '../reliability/guarded-backend.ts';
import { CHECK_AGAIN_MS, CHECK_MS, FOLLOW_SLACK_MS, RETRY_FIRST_MS, SYNC_SPACING_MS } from './constants.ts';
import { Pause } from './pause.ts';
import { retryMs } from './retry-ms.ts';

/** What a follower needs. */
export interface FollowerOptions {
  readonly log: GuardedLog;
  readonly clock: Clock;
  readonly random: () => number;
  /** How much of the log the process has applied. */
  readonly place: () => LogPlace;
  /** Asks the registry and applies the answer. Resolves to the failure, or to undefined if it succeeded. */
  readonly sync: () => Promise<GuardFailure | undefined>;
  /** Applies a record. False: records are missing before it, or it contradicts what is known. */
  readonly apply: (record: LogRecord) => boolean;
  /** The registry has answered a request that was sent at `atMs` (monotonic). */
  readonly onContact: (atMs: number) => void;
}

/** Follows the log for one process. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #pause: Pause;
  readonly #syncPause: Pause;
  #needsSync = true;
  #syncing: Promise<void> | undefined;
  #syncFailures = 0;
  #syncedMs = Number.NEGATIVE_INFINITY;
  #following: AbortController | undefined;
  #isStarted = false;
  #isClosed = false;
  /** A head of the registry, seen in the last check, whose record has not arrived. */
  #unexplained: number | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#pause = new Pause(options.clock);
    this.#syncPause = new Pause(options.clock);
  }

  /** The process has to synchronise before it can trust what it knows. */
  get needsSync(): boolean {
    return this.#needsSync;
  }

  /** Begins to follow; a second call does nothing. */
  start(): void {
    if (this.#isStarted || this.#isClosed) return;
    this.#isStarted = true;
    void this.#run();
  }

  /** Synchronises as soon as possible: a delay before the next attempt is cut short. */
  resync(): void {
    if (!this.#isStarted || this.#isClosed) return;
    this.#needsSync = true;
    this.#syncPause.end();
    void this.#synced();
  }

  /** The registry is reachable again: a synchronisation that is due begins now. */
  hurry(): void {
    if (this.#needsSync) this.resync();
  }

  /** Resolves to true after a synchronisation that was sent after this call; callers share one. False: closed. */
  async syncNow(): Promise<boolean> {
    if (this.#syncing !== undefined) await this.#syncing; // sent before this call, so it may have missed something
    this.resync();
    await this.#synced();
    return this.#isStarted && !this.#isClosed;
  }

  /** Stops at once. */
  close(): void {
    this.#isClosed = true;
    this.#following?.abort();
    this.#pause.end();
    this.#syncPause.end();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isClosed) {
      await this.#synced();
      if (this.#isClosed) return;
      const beganMs = this.#options.clock.monotonicMs();
      const answer = await this.#follow(this.#unexplained === undefined ? CHECK_MS : CHECK_AGAIN_MS);
      if (this.#isClosed) return;
      if (answer === undefined) {
        this.#needsSync = true;
        await this.#pause.wait(retryMs(failures++, 'transient', this.#options.random));
      } else {
        failures = 0;
        this.#options.onContact(beganMs);
        this.#takeSafely(answer);
        // A log that answers without waiting would be asked in a tight loop.
        const spentMs = this.#options.clock.monotonicMs() - beganMs;
        if (answer.records.length === 0 && spentMs < CHECK_AGAIN_MS / 2)
          await this.#pause.wait(RETRY_FIRST_MS);
      }
    }
  }

  /** Applies an answer. After any error, the next synchronisation repairs what is missing. */
  #takeSafely(answer: FollowAnswer): void {
    try {
      this.#take(answer);
    } catch {
      this.#needsSync = true;
    }
  }

  #take({ records, registry }: FollowAnswer): void {
    const { place, apply } = this.#options;
    if (records.length > 0) {
      this.#unexplained = undefined;
      if (!records.every(apply)) this.#needsSync = true;
      return;
    }
    const { inc, head } = place();
    if (registry?.inc !== inc || registry.head < head) this.#needsSync = true;
    else if (registry.head === head) this.#unexplained = undefined;
    // The record may have been made just after the wait ended: then the next check brings it.
    else if (this.#unexplained === undefined) this.#unexplained = registry.head;
    else this.#needsSync = true;
  }

  /** Waits for records once. Resolves to undefined if the connection is lost. */
  #follow(waitMs: number): Promise<FollowAnswer | undefined> {
    const { log, clock, place } = this.#options;
    const controller = new AbortController();
    this.#following = controller;
    return new Promise((resolve) => {
      // A local log needs no timeout: no message can get lost, and tests may move its clock far ahead.
      const cancel = log.isLocal
        ? () => undefined
        : clock.setTimer(() => controller.abort(), waitMs + FOLLOW_SLACK_MS);
      const end = (answer: FollowAnswer | undefined): void => {
        cancel();
        this.#following = undefined;
        resolve(answer);
      };
      controller.signal.addEventListener('abort', () => end(undefined), { once: true });
      const patienceMs = log.isLocal ? Number.POSITIVE_INFINITY : waitMs;
      started(() => log.follow(place(), patienceMs, controller.signal)).then(end, () => end(undefined));
    });
  }

  /** Resolves when no synchronisation is needed any more, or when closed. */
  async #synced(): Promise<void> {
    while (this.#needsSync && !this.#isClosed) {
      this.#syncing ??= this.#syncOnce();
      await this.#syncing;
    }
  }

  /** One attempt, not too soon after the last one, with a delay after a failure. */
  async #syncOnce(): Promise<void> {
    const { clock, random, onContact, log } = this.#options;
    const restMs = this.#syncedMs + SYNC_SPACING_MS - clock.monotonicMs();
    if (restMs > 0 && !log.isLocal) await this.#syncPause.wait(restMs);
    if (!this.#isClosed) {
      this.#needsSync = false;
      const beganMs = clock.monotonicMs();
      const failure = await this.#attempt();
      if (failure === undefined) {
        this.#syncFailures = 0;
        this.#unexplained = undefined;
        this.#syncedMs = beganMs;
        if (!this.#isClosed) onContact(beganMs);
      } else {
        this.#needsSync = true;
        if (!this.#isClosed) await this.#syncPause.wait(retryMs(this.#syncFailures++, failure, random));
      }
    }
    this.#syncing = undefined;
  }

  async #attempt(): Promise<GuardFailure | undefined> {
    try {
      return await this.#options.sync();
    } catch {
      return 'transient';
    }
  }
}

/** Turns a synchronous throw into a rejection. */
async function started<T>(run: () => Promise<T>): Promise<T> {
  return run();
}
