// Applies what the registry says to the view, the journal and the memory tier, in one step each: nobody sees half of it.
import type { AppendAnswer, LogRecord, SyncAnswer } from '../backend/log-capability.ts';
import type { CoherenceListener } from './coherence.ts';
import { SYNC_GROUPS } from './constants.ts';
import type { Target } from './invalidations.ts';
import type { Journal, SeenRecord } from './journal.ts';
import type { RedoPlan } from './redo-plan.ts';
import { isSaneRecord, tailJoins } from './sync-answer.ts';
import { tellRemote } from './tell-remote.ts';
import type { Subject, View } from './view.ts';

export interface KnowledgeOptions {
  readonly view: View;
  readonly journal: Journal;
  readonly redo: RedoPlan;
  readonly listener: CoherenceListener;
  /** Was a record of this name made here? */
  readonly isOwn: (recordId: string) => boolean;
}

type SomeRecord = Pick<LogRecord, 'id' | 'kind' | 'subject' | 'position' | 'redone'>;

export class Knowledge {
  readonly #options: KnowledgeOptions;

  constructor(options: KnowledgeOptions) {
    this.#options = options;
  }

  /** The next record of the log. False: it does not follow on what is known, and was not applied. */
  follow(record: LogRecord): boolean {
    const { view, journal } = this.#options;
    if (!isSaneRecord(record) || record.inc !== view.inc) return false;
    // Own records come back after they were applied.
    if (record.position <= view.head) return record.kind === 'raise' || journal.has(record.id);
    // One that names an older predecessor: the server had gone back when it was made.
    if (record.previous !== view.head) return false;
    view.moveHead(record.position);
    this.#take(record);
    return true;
  }

  /** An own record. The head moves only if there was nothing between: else records of others would be skipped. */
  appended({ kind, subject, redone }: Target, recordId: string, answer: AppendAnswer): void {
    const { view } = this.#options;
    if (answer.previous === view.head) view.moveHead(answer.position);
    this.#take({ id: recordId, kind, subject, redone, position: answer.position });
  }

  /** Another registry: nothing of the old one counts, and there is nothing to do again. */
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

  /** The same registry, asked with `head`. Returns what of the journal the registry itself has to be asked about. */
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

  /** Something may have been missed, or nothing was heard for too long: what memory has must be read again. */
  expire(): void {
    this.#options.view.unverify();
    this.#options.listener.everythingUnverified();
  }

  /** Once for each record, however often it comes. */
  #take(record: SomeRecord): void {
    const { view, journal, redo, listener, isOwn } = this.#options;
    const { id, kind, subject, position } = record;
    if (kind === 'raise' || journal.has(id)) return;
    const own = isOwn(id);
    journal.add({ ...asSeen(record, kind), isOwn: own });
    redo.heard(record, own);
    // What is done again is new here too: until now the store's old entry counted as valid.
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
    if (groups.length >= SYNC_GROUPS && oldest !== undefined) view.forgetGroupsBefore(oldest[1]);
    for (const [id, position] of groups.toReversed()) if (view.applyGroup(id, position)) onNews(id);
  }
}

function asSeen({ id, subject, position }: SomeRecord, kind: Subject): Omit<SeenRecord, 'isOwn'> {
  return { id, kind, subject, position };
}
