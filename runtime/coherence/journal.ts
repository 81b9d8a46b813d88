// The records of the last minute that this process saw, its own and others': what a failover may have lost.
import type { LogRecord, SyncAnswer } from '../backend/log-capability.ts';
import type { Clock } from '../config/clock.ts';
import { RING_MS, RING_SIZE, RING_US } from './constants.ts';
import type { Subject } from './view.ts';

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
  /** One redo per record: it is a record itself. */
  isTaken: boolean;
}

export interface Difference {
  /** Only here or only there: some server has lost writes. */
  readonly lost: readonly SeenRecord[];
  /** Not in the log, which itself was cut or lost: to be redone only if the registry does not hold the group. */
  readonly doubtful: readonly SeenRecord[];
}

export class Journal {
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #clock: Clock;
  /** Records up to here were dropped for lack of room: not seeing one of them means nothing. */
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

  /** Records of single keys, each handed out once: their deletes may be lost where the key lives. */
  takeKeys(): readonly SeenRecord[] {
    return this.#take((kept) => kept.kind === 'key');
  }

  /**
   * Compares by id with what the registry's log says, after a synchronisation that was asked with `head`. Positions
   * prove nothing: a server that lost writes hands the same ones out again.
   */
  takeDifference(answer: SyncAnswer, head: number): Difference {
    const there = new Set(answer.tail.map((record) => record.id));
    const windowUs = head - RING_US;
    // Where the log begins, the registry had been at `cut`: what is older was trimmed, not rolled back.
    const cut = answer.tail[0]?.previous ?? answer.head;
    const isMissing = (kept: Kept): boolean => kept.position > windowUs && !there.has(kept.id);
    const lost = this.#take((kept) => isMissing(kept) && kept.position > cut);
    const doubtful = this.#take((kept) => isMissing(kept) && kept.kind === 'group');
    const foreign = answer.tail.filter(
      (record) => record.position <= head && this.#isForeign(record, answer.nowUs),
    );
    return { lost: [...lost, ...foreign.map(asOthers)], doubtful };
  }

  /** This process would remember it, had it seen it. */
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
