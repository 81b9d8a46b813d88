// Redo: invalidations that a failover may have lost are made once more. Own ones at once; those of other processes after
// a random delay, unless some process has redone them by then.
import type { LogRecord } from '../backend/log-capability.ts';
import type { Clock } from '../config/clock.ts';
import { REDO_FIRST_MS, REDO_LAST_MS } from './constants.ts';
import type { SeenRecord } from './journal.ts';
import type { Subject } from './view.ts';

/** What a plan needs. */
export interface RedoPlanOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Makes the invalidation once more. */
  readonly redo: (kind: Subject, subject: string) => void;
}

interface Planned {
  readonly kind: Subject;
  readonly subject: string;
  readonly dueMs: number;
}

const nameOf = (kind: Subject, subject: string): string => `${kind} ${subject}`;

/** The invalidations of one process that wait to be redone. */
export class RedoPlan {
  readonly #options: RedoPlanOptions;
  readonly #planned = new Map<string, Planned>();
  #cancelTimer: (() => void) | undefined;
  #armedMs = Number.POSITIVE_INFINITY;
  /** Until then, arriving records of single keys may be from before the change of server. */
  #watchUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: RedoPlanOptions) {
    this.#options = options;
  }

  /** Plans to redo these records: once per subject, however many of its records were lost. */
  plan(records: readonly SeenRecord[]): void {
    for (const { kind, subject, isOwn } of records) {
      if (isOwn) {
        this.#planned.delete(nameOf(kind, subject));
        this.#options.redo(kind, subject);
      } else if (!this.#planned.has(nameOf(kind, subject))) this.#add(kind, subject);
    }
  }

  /** The server of some keys may have changed: the deletes of records that arrive in the next seconds may be lost too. */
  watch(): void {
    this.#watchUntilMs = this.#options.clock.monotonicMs() + REDO_LAST_MS;
  }

  /** Takes each record that arrives. Another process may have redone the subject; or the record itself needs a redo. */
  heard(record: Pick<LogRecord, 'kind' | 'subject' | 'redone'>, isOwn: boolean): void {
    if (record.kind === 'raise') return;
    const name = nameOf(record.kind, record.subject);
    if (record.redone) this.#planned.delete(name);
    else if (record.kind === 'key' && !isOwn && !this.#planned.has(name) && this.#isWatching())
      this.#add(record.kind, record.subject);
  }

  /** Drops all plans. */
  clear(): void {
    this.#planned.clear();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#armedMs = Number.POSITIVE_INFINITY;
  }

  #isWatching(): boolean {
    return this.#options.clock.monotonicMs() < this.#watchUntilMs;
  }

  #add(kind: Subject, subject: string): void {
    const { clock, random } = this.#options;
    const dueMs = clock.monotonicMs() + REDO_FIRST_MS + random() * (REDO_LAST_MS - REDO_FIRST_MS);
    this.#planned.set(nameOf(kind, subject), { kind, subject, dueMs });
    if (dueMs < this.#armedMs) this.#arm(dueMs);
  }

  #arm(dueMs: number): void {
    this.#cancelTimer?.();
    this.#armedMs = dueMs;
    const { clock } = this.#options;
    this.#cancelTimer = clock.setTimer(() => this.#run(), Math.max(0, dueMs - clock.monotonicMs()));
  }

  #run(): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#armedMs = Number.POSITIVE_INFINITY;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [name, { kind, subject, dueMs }] of this.#planned) {
      // Timers have a resolution of 1 ms and may fire early by a fraction of it.
      if (dueMs > nowMs + 1) nextMs = Math.min(nextMs, dueMs);
      else {
        this.#planned.delete(name);
        this.#options.redo(kind, subject);
      }
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#arm(nextMs);
  }
}
