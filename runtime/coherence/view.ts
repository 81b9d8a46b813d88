// What one process knows of invalidations, and whether an entry is valid by that knowledge. Touches no store.
import type { RecordKind } from '../backend/log-capability.ts';
import type { Clock } from '../config/clock.ts';
import { KEY_MARKS, LEASE_MS, VIEW_GROUPS } from './constants.ts';
import { MarkTable, type Mark } from './mark-table.ts';

/** When an entry was made, in the registry's order. */
export interface EntryStamp {
  /** Incarnation of the registry. */
  readonly inc: number;
  /** Head of the process before the function started. */
  readonly born: number;
  /** Only for values made in this process: see `Stamp`. */
  readonly seq?: number;
}

/**
 * A moment in this process. `seq` grows with every invalidation the process learns of. That includes its own, before they
 * have a position.
 */
export interface Stamp extends EntryStamp {
  readonly seq: number;
}

/** `unknown`: the entry is older than what this process remembers of some group, so the registry has to be asked. */
export type Verdict = 'valid' | 'invalid' | 'unknown';

/** What is invalidated: one key, or a group of entries. */
export type Subject = Exclude<RecordKind, 'raise'>;

/** The invalidations that one process knows of. `ids`: group ids; `key`: backend key of an entry. */
export class View {
  #inc = 0;
  #head = 0;
  #floor = 0;
  #seq = 0;
  /** The largest position of any invalidation known. */
  #newest = 0;
  /** Invalidations of single keys may have been missed up to this moment. */
  #unverifiedSeq = 0;
  #isEverythingPending = false;
  readonly #clock: Clock;
  readonly #groups: MarkTable;
  /** Kept for as long as a lease lives: a function that began earlier has lost its lease and stores nothing. */
  readonly #keys = new MarkTable(KEY_MARKS, LEASE_MS);
  /** Positions the registry gave for groups that are not in `#groups`. Exact until the group is in there. */
  readonly #asked = new Map<string, number>();
  /** Own invalidations that have no position yet: how many for each subject. */
  readonly #pending = { key: new Map<string, number>(), group: new Map<string, number>() };

  constructor(clock: Clock, mostGroups: number = VIEW_GROUPS) {
    this.#clock = clock;
    this.#groups = new MarkTable(mostGroups, Number.POSITIVE_INFINITY, (id) => this.#asked.delete(id));
  }

  /** Incarnation of the registry; 0 before the first synchronisation. */
  get inc(): number {
    return this.#inc;
  }

  /** Last position applied. */
  get head(): number {
    return this.#head;
  }

  /** Entries born before this position are invalid. */
  get floor(): number {
    return this.#floor;
  }

  /** This moment; undefined before the first synchronisation. */
  stamp(): Stamp | undefined {
    return this.#inc === 0 ? undefined : { inc: this.#inc, born: this.#head, seq: this.#seq };
  }

  /** Whether anything that the entry depends on was invalidated after it was born. */
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

  /** False if a read sent at that moment may have returned an entry whose invalidation this process has missed. */
  mayKeep(at: Stamp): boolean {
    return at.inc === this.#inc && at.seq >= this.#unverifiedSeq && at.seq >= this.#keys.forgottenSeq;
  }

  /** The groups whose positions the registry must be asked for before this entry can be judged. */
  unknownIds(entry: EntryStamp, ids: readonly string[]): readonly string[] {
    return ids.filter((id) => this.#positionOf(id, entry.born) === undefined);
  }

  /** Takes the positions that the registry `inc` has answered. Ignored if another registry is followed by now. */
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

  /** Begins an invalidation of this process, which has no position yet. `settle` ends it. */
  begin(kind: Subject, subject: string): void {
    const pending = this.#pending[kind];
    pending.set(subject, (pending.get(subject) ?? 0) + 1);
    this.#mark(kind, subject, 0, ++this.#seq);
  }

  /** Ends one `begin`: the invalidation has its position, or is covered by another one. */
  settle(kind: Subject, subject: string): void {
    const pending = this.#pending[kind];
    const left = (pending.get(subject) ?? 0) - 1;
    if (left > 0) pending.set(subject, left);
    else pending.delete(subject);
  }

  /** Makes every stored entry invalid until `reset` brings another registry. */
  beginEverything(): void {
    this.#isEverythingPending = true;
    this.#unverifiedSeq = ++this.#seq;
  }

  /**
   * Applies a record. `isOwn`: this process began the invalidation, and `begin` has counted it already. Values made since
   * then are younger than the invalidation and stay valid.
   */
  apply(kind: Subject, subject: string, position: number, isOwn: boolean): void {
    this.#mark(kind, subject, position, isOwn ? 0 : ++this.#seq);
  }

  /** Applies the position of a group as the registry knows it. True if it was not known before. */
  applyGroup(id: string, position: number): boolean {
    const known = this.#groups.get(id);
    if (known !== undefined && known.position >= position) return false;
    this.#mark('group', id, position, ++this.#seq);
    return true;
  }

  /** The position of the last invalidation of the key, if there is one and none is pending. */
  positionOfKey(key: string): number | undefined {
    const mark = this.#keys.get(key);
    return mark === undefined || mark.position === 0 || this.#pending.key.has(key)
      ? undefined
      : mark.position;
  }

  /** Moves the head forward, never back. */
  moveHead(position: number): void {
    this.#head = Math.max(this.#head, position);
  }

  /** Raises the floor, never lowers it. */
  raiseFloor(floor: number): void {
    this.#floor = Math.max(this.#floor, floor);
  }

  /** Invalidations of single keys may have been missed. Those of groups are never missed: the registry holds them. */
  unverify(): void {
    this.#unverifiedSeq = ++this.#seq;
  }

  /** The registry answered with its newest groups only: positions of groups invalidated before these are unknown. */
  forgetGroupsBefore(position: number): void {
    this.#groups.clear();
    this.#asked.clear();
    this.#groups.forgottenPosition = position;
    this.#newest = Math.max(this.#newest, position);
  }

  /** Follows another registry: every entry made under the old one is invalid. */
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

  /** Whether a value made in this process at `seq` is valid. */
  #isValidHere(seq: number, ids: readonly string[], key: string): boolean {
    if (seq === this.#seq) return true;
    const oldest = Math.max(this.#unverifiedSeq, this.#keys.forgottenSeq, this.#groups.forgottenSeq);
    const isTouched = (mark: Mark | undefined): boolean => mark !== undefined && mark.seq > seq;
    return (
      seq >= oldest && !isTouched(this.#keys.get(key)) && !ids.some((id) => isTouched(this.#groups.get(id)))
    );
  }

  /** When the group was last invalidated; 0: not since `born`. undefined: not known. */
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
