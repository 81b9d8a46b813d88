// The records of the last minute that this process has seen, its own and those of others: a failover may have lost them.
import type { LogRecord, SyncAnswer } from '../backend/log-capability.ts';
import type { Clock } from '../config/clock.ts';
import { RING_MS, RING_SIZE, RING_US } from './constants.ts';
import type { Subject } from './view.ts';

/** A record that was seen. */
export interface SeenRecord {
  readonly id: string;
  readonly kind: Subject;
  readonly subject: string;
  readonly position: number;
  /** Made by this process. */
  readonly isOwn: boolean;
}

interface Kept extends SeenRecord {
  readonly atMs: number;
  /** It was handed out to be redone. The redo is a record of its own, so this one is never handed out again. */
  isTaken: boolean;
}

/** The difference between the journal and the log of the registry. */
export interface Difference {
  /** Records that are only in one of the two: some server has lost writes. */
  readonly lost: readonly SeenRecord[];
  /** Records that a log which was cut or lost may have held: to be redone only if the registry lacks the group. */
  readonly doubtful: readonly SeenRecord[];
}

/** The journal of one process. */
export class Journal {
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #clock: Clock;
  /** Records up to this position were dropped for lack of room: their absence means nothing. */
  #fullUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(id: string): boolean {
    return this.#kept.has(id);
  }

  add(record: SeenRecord): void {
    const nowMs = this.#clock.monotonicMs();
    this.#kept.set(record.id, { ...record, atMs: nowMs, isTaken: false });
    for (const [id, kept] of this.#kept) {
      const isOld = nowMs - kept.atMs >= RING_MS;
      if (!isOld && this.#kept.size <= RING_SIZE) return;
      this.#kept.delete(id);
      if (!isOld) this.#fullUntil = Math.max(this.#fullUntil, kept.position);
    }
  }

  clear(): void {
    this.#kept.clear();
    this.#fullUntil = 0;
  }

  /** Hands out the records of single keys, each once: the server of the key may have lost their deletes. */
  takeKeys(): readonly SeenRecord[] {
    return this.#take((kept) => kept.kind === 'key');
  }

  /**
   * Compares the journal with the log in the answer to a request with `head`. Records are compared by id: positions prove
   * nothing, as a server that lost writes gives the same positions out again.
   */
  takeDifference(answer: SyncAnswer, head: number): Difference {
    const there = new Set(answer.tail.map((record) => record.id));
    const windowUs = head - RING_US;
    // The head of the registry before the first record of the log. Older records were trimmed, not lost in a failover.
    const cut = answer.tail[0]?.previous ?? answer.head;
    const isMissing = (kept: Kept): boolean => kept.position > windowUs && !there.has(kept.id);
    const lost = this.#take((kept) => isMissing(kept) && kept.position > cut);
    const doubtful = this.#take((kept) => isMissing(kept) && kept.kind === 'group');
    const foreign = answer.tail.filter(
      (record) => record.position <= head && this.#isForeign(record, answer.nowUs),
    );
    return { lost: [...lost, ...foreign.map(asOthers)], doubtful };
  }

  /** Whether this process has not seen the record, although it would still remember it. */
  #isForeign({ id, kind, position }: LogRecord, nowUs: number): boolean {
    const isJudged = position > Math.max(this.#fullUntil, nowUs - RING_US);
    return kind !== 'raise' && isJudged && !this.#kept.has(id);
  }

  #take(isWanted: (kept: Kept) => boolean): readonly SeenRecord[] {
    const nowMs = this.#clock.monotonicMs();
    const taken: SeenRecord[] = [];
    for (const kept of this.#kept.values()) {
      if (kept.isTaken || nowMs - kept.atMs >= RING_MS || !isWanted(kept)) continue;
      kept.isTaken = true;
      taken.push(kept);
    }
    return taken;
  }
}

function asOthers({ id, kind, subject, position }: LogRecord): SeenRecord {
  return { id, kind: kind === 'key' ? 'key' : 'group', subject, position, isOwn: false };
}
