// What one process knows of invalidations, and whether an entry is still valid by that. Pure: no time, no store.
import type { RecordKind } from '../backend/log-capability.ts';
import type { Clock } from '../config/clock.ts';
import { KEY_MARKS, LEASE_MS, VIEW_GROUPS } from './constants.ts';
import { MarkTable, type Mark } from './mark-table.ts';

/** When a stored entry was made, by the registry's order. */
export interface EntryStamp {
  readonly inc: number;
  /** The process's head before the function started. */
  readonly born: number;
  /** Only of what was made in this process: see `Stamp`. */
  readonly seq?: number;
}

/** A moment of this process. `seq` counts what it learnt, also of its own invalidations before they have a position. */
export interface Stamp extends EntryStamp {
  readonly seq: number;
}

/** `unknown`: older than what this process holds of some group; the registry has to be asked. */
export type Verdict = 'valid' | 'invalid' | 'unknown';

export type Subject = Exclude<RecordKind, 'raise'>;

export class View {
  #inc = 0;
  #head = 0;
  #floor = 0;
  #seq = 0;
  /** No position of any mark is larger. */
  #newest = 0;
  /** Single keys before this moment may have been invalidated unseen. */
  #unverifiedSeq = 0;
  #isEverythingPending = false;
  readonly #clock: Clock;
  readonly #groups: MarkTable;
  /** As long as a lease lives: a load that began before is older than its lease. */
  readonly #keys = new MarkTable(KEY_MARKS, LEASE_MS);
  /** Asked for, not in `#groups`: exact until the group is in there. */
  readonly #asked = new Map<string, number>();
  readonly #pending = { key: new Map<string, number>(), group: new Map<string, number>() };

  constructor(clock: Clock, mostGroups: number = VIEW_GROUPS) {
    this.#clock = clock;
    this.#groups = new MarkTable(mostGroups, Number.POSITIVE_INFINITY, (id) => this.#asked.delete(id));
  }

  /** 0: no registry yet. */
  get inc(): number {
    return this.#inc;
  }

  get head(): number {
    return this.#head;
  }

  get floor(): number {
    return this.#floor;
  }

  stamp(): Stamp | undefined {
    return this.#inc === 0 ? undefined : { inc: this.#inc, born: this.#head, seq: this.#seq };
  }

  /** Nothing that the entry depends on was invalidated after it was born. */
  valid(entry: EntryStamp, ids: readonly string[], key: string): Verdict {
    if (this.#inc === 0 || entry.inc !== this.#inc || !(entry.born >= this.#floor)) return 'invalid';
    if (entry.seq !== undefined) return this.#isValidHere(entry.seq, ids, key) ? 'valid' : 'invalid';
    if (this.#isEverythingPending || this.#pending.key.has(key)) return 'invalid';
    const isAnyPending = this.#pending.group.size > 0;
    if (entry.born >= this.#newest && !isAnyPending) return 'valid';
    if ((this.#keys.get(key)?.position ?? 0) > entry.born) return 'invalid';
    let verdict: Verdict = 'valid';
    for (const id of ids) {
      if (isAnyPending && this.#pending.group.has(id)) return 'invalid';
      const position = this.#positionOf(id, entry.born);
      if (position === undefined) verdict = 'unknown';
      else if (position > entry.born) return 'invalid';
    }
    return verdict;
  }

  /** False: what was read from the store at that moment may be older than an invalidation of its key that went unseen. */
  mayKeep(at: Stamp): boolean {
    return at.inc === this.#inc && at.seq >= this.#unverifiedSeq && at.seq >= this.#keys.forgottenSeq;
  }

  /** Groups whose position has to be asked for before an entry born then can be judged. */
  unknownIds(entry: EntryStamp, ids: readonly string[]): readonly string[] {
    return ids.filter((id) => this.#positionOf(id, entry.born) === undefined);
  }

  /** An answer of the registry; `inc` is the one the question was about. */
  learn(inc: number, floor: number, positions: ReadonlyMap<string, number>): void {
    if (inc !== this.#inc) return;
    this.#floor = Math.max(this.#floor, floor);
    for (const [id, position] of positions) {
      this.#asked.delete(id);
      this.#asked.set(id, position);
      this.#newest = Math.max(this.#newest, position);
    }
    for (const id of this.#asked.keys()) {
      if (this.#asked.size <= VIEW_GROUPS) break;
      this.#asked.delete(id);
    }
  }

  /** An invalidation of this process that has no position yet. Undone by `settle`. */
  begin(kind: Subject, subject: string): void {
    const pending = this.#pending[kind];
    pending.set(subject, (pending.get(subject) ?? 0) + 1);
    this.#mark(kind, subject, 0, ++this.#seq);
  }

  settle(kind: Subject, subject: string): void {
    const pending = this.#pending[kind];
    const left = (pending.get(subject) ?? 0) - 1;
    if (left > 0) pending.set(subject, left);
    else pending.delete(subject);
  }

  /** Everything stored is invalid until the registry is another one. */
  beginEverything(): void {
    this.#isEverythingPending = true;
    this.#unverifiedSeq = ++this.#seq;
  }

  /** A record. `isOwn`: what this process made since it began that invalidation is younger than it, and stays. */
  apply(kind: Subject, subject: string, position: number, isOwn: boolean): void {
    this.#mark(kind, subject, position, isOwn ? 0 : ++this.#seq);
  }

  /** From the registry. True if it was news. */
  applyGroup(id: string, position: number): boolean {
    const known = this.#groups.get(id);
    if (known !== undefined && known.position >= position) return false;
    this.#mark('group', id, position, ++this.#seq);
    return true;
  }

  /** The position of the last invalidation of the key, if it has one and no other is on the way. */
  positionOfKey(key: string): number | undefined {
    const mark = this.#keys.get(key);
    return mark === undefined || mark.position === 0 || this.#pending.key.has(key)
      ? undefined
      : mark.position;
  }

  moveHead(position: number): void {
    this.#head = Math.max(this.#head, position);
  }

  raiseFloor(floor: number): void {
    this.#floor = Math.max(this.#floor, floor);
  }

  /** Invalidations of single keys may have been missed. Those of groups have not: they are in the registry. */
  unverify(): void {
    this.#unverifiedSeq = ++this.#seq;
  }

  /** Only the newest groups came: those between are not known any more. */
  forgetGroupsBefore(position: number): void {
    this.#groups.clear();
    this.#asked.clear();
    this.#groups.forgottenPosition = position;
    this.#newest = Math.max(this.#newest, position);
  }

  /** Another registry: what was valid by the old one is not valid by this. */
  reset(inc: number, head: number, floor: number): void {
    this.#inc = inc;
    this.#head = head;
    this.#floor = floor;
    this.#newest = 0;
    this.#isEverythingPending = false;
    this.#groups.clear();
    this.#keys.clear();
    this.#asked.clear();
    this.#unverifiedSeq = ++this.#seq;
  }

  #isValidHere(seq: number, ids: readonly string[], key: string): boolean {
    if (seq === this.#seq) return true;
    const oldest = Math.max(this.#unverifiedSeq, this.#keys.forgottenSeq, this.#groups.forgottenSeq);
    const isTouched = (mark: Mark | undefined): boolean => mark !== undefined && mark.seq > seq;
    return (
      seq >= oldest && !isTouched(this.#keys.get(key)) && !ids.some((id) => isTouched(this.#groups.get(id)))
    );
  }

  #positionOf(id: string, born: number): number | undefined {
    const position = this.#groups.get(id)?.position;
    if (position !== undefined && position > 0) return position;
    return this.#asked.get(id) ?? (born >= this.#groups.forgottenPosition ? 0 : undefined);
  }

  #mark(kind: Subject, subject: string, position: number, seq: number): void {
    this.#newest = Math.max(this.#newest, position);
    const table = kind === 'key' ? this.#keys : this.#groups;
    table.set(subject, position, seq, this.#clock.monotonicMs());
  }
}
