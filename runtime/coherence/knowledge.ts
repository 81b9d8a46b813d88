// Applies records and answers of the registry to the view, the journal and the memory tier. Each is applied in one
// synchronous step, so no call sees half of it.
import type { AppendAnswer, LogRecord, SyncAnswer } from '../backend/log-capability.ts';
import { MOST_SYNCED_GROUPS } from '../backend/log-limits.ts';
import type { CoherenceListener } from './coherence.ts';
import type { Target } from './invalidations.ts';
import type { Journal, SeenRecord } from './journal.ts';
import type { RedoPlan } from './redo-plan.ts';
import { isSaneRecord, tailJoins } from './sync-answer.ts';
import { tellRemote } from './tell-remote.ts';
import type { Subject, View } from './view.ts';

/** What `Knowledge` needs. */
export interface KnowledgeOptions {
  readonly view: View;
  readonly journal: Journal;
  readonly redo: RedoPlan;
  readonly listener: CoherenceListener;
  /** Whether the record with this id was made by this process. */
  readonly isOwn: (recordId: string) => boolean;
}

type SomeRecord = Pick<LogRecord, 'id' | 'kind' | 'subject' | 'position' | 'redone'>;

/** All that one process knows from the registry. */
export class Knowledge {
  readonly #options: KnowledgeOptions;

  constructor(options: KnowledgeOptions) {
    this.#options = options;
  }

  /** Applies the next record of the log. False: it does not continue from the head, and was not applied. */
  follow(record: LogRecord): boolean {
    const { view, journal } = this.#options;
    if (!isSaneRecord(record) || record.inc !== view.inc) return false;
    // A record that was applied before, as own ones are when they are acknowledged.
    if (record.position <= view.head) return record.kind === 'raise' || journal.has(record.id);
    // There is a gap; or the record names an older predecessor, because its server had lost records.
    if (record.previous !== view.head) return false;
    view.moveHead(record.position);
    this.#take(record);
    return true;
  }

  /** Applies an own record. The head moves only if nothing is between: otherwise records of others would be skipped. */
  appended({ kind, subject, redone }: Target, recordId: string, answer: AppendAnswer): void {
    const { view } = this.#options;
    if (answer.previous === view.head) view.moveHead(answer.position);
    this.#take({ id: recordId, kind, subject, redone, position: answer.position });
  }

  /** Follows another registry: nothing of the old one counts, so nothing of it needs a redo. */
  restart(answer: SyncAnswer): void {
    const { view, journal, redo, listener } = this.#options;
    redo.clear();
    journal.clear();
    view.reset(answer.inc, answer.head, answer.floor);
    this.#learnGroups(answer, () => undefined);
    for (const record of answer.tail) {
      if (record.kind === 'raise') continue;
      journal.add({ ...asSeen(record, record.kind), isOwn: this.#options.isOwn(record.id) });
      view.apply(record.kind, record.subject, record.position, false);
    }
    listener.reset();
  }

  /**
   * Applies the answer of the same registry to a request with `head`. Returns the `doubtful` records of the journal (see
   * `Difference`).
   */
  catchUp(answer: SyncAnswer, head: number): readonly SeenRecord[] {
    const { view, journal, redo, listener } = this.#options;
    const { lost, doubtful } = journal.takeDifference(answer, head);
    if (!tailJoins(answer, head)) this.expire();
    view.raiseFloor(answer.floor);
    this.#learnGroups(answer, (id) => listener.groupGone(id));
    for (const record of answer.tail) this.#take(record);
    view.moveHead(answer.head);
    redo.plan(lost);
    return doubtful;
  }

  /** Invalidations may have been missed: memory entries must be read again from the store before they count. */
  expire(): void {
    this.#options.view.unverify();
    this.#options.listener.everythingUnverified();
  }

  /** Applies a record, once however often it arrives. */
  #take(record: SomeRecord): void {
    const { view, journal, redo, listener, isOwn } = this.#options;
    const { id, kind, subject, position } = record;
    if (kind === 'raise' || journal.has(id)) return;
    const own = isOwn(id);
    journal.add({ ...asSeen(record, kind), isOwn: own });
    redo.heard(record, own);
    // An own invalidation was applied here when it was asked for. A redo was not: the old entry in the store counted as
    // valid until now.
    const wasLocal = own && !record.redone;
    view.apply(kind, subject, position, wasLocal);
    if (wasLocal) return;
    if (kind === 'key') listener.keyGone(subject);
    else listener.groupGone(subject);
    if (!own) tellRemote(kind, subject);
  }

  #learnGroups({ groups }: SyncAnswer, onNews: (id: string) => void): void {
    const { view } = this.#options;
    const oldest = groups.at(-1);
    if (groups.length >= MOST_SYNCED_GROUPS && oldest !== undefined) view.forgetGroupsBefore(oldest[1]);
    for (const [id, position] of groups.toReversed()) if (view.applyGroup(id, position)) onNews(id);
  }
}

function asSeen({ id, subject, position }: SomeRecord, kind: Subject): Omit<SeenRecord, 'isOwn'> {
  return { id, kind, subject, position };
}
