// The registry and the log of invalidations in the memory of this process: the reference for every backend.
import { firstFloor } from './first-floor.ts';
import type {
  AppendAnswer,
  AppendRequest,
  LogPlace,
  LogRecord,
  RecordKind,
  SyncAnswer,
  SyncRequest,
} from './log-capability.ts';
import { MOST_FOLLOWED, MOST_SYNCED_GROUPS, TAIL_US } from './log-limits.ts';

/** Records kept. The list is cut back to this length when it has grown to twice as much. */
const MAX_RECORDS = 16_384;

/** The data of one registry. memory-log.ts tells the followers about new records. */
export class MemoryRegistry {
  /** Incarnation; 0 until the registry exists. */
  inc = 0;
  /** Position of the last record. */
  head = 0;
  /** Entries born before this position are invalid. */
  floor = 0;
  /** Group id → position, in the order of positions: a group that is invalidated again moves to the end. */
  readonly #groups = new Map<string, number>();
  #log: LogRecord[] = [];

  /** As `LogCapability.sync`. `nowUs`: µs since the epoch. */
  sync(request: SyncRequest, nowUs: number): SyncAnswer {
    const { head: mine } = request;
    if (this.#replaceIfOlder(request)) {
      this.head = Math.max(nowUs, mine, this.head) + 1;
      this.floor = firstFloor(request, this.head);
    }
    const isSame = this.inc === request.inc;
    const groups = [...this.#groups].reverse().filter(([, position]) => !isSame || position > mine);
    const fromUs = (isSame ? mine : nowUs) - TAIL_US;
    const tail = this.#log.filter((record) => record.position >= fromUs);
    const { inc, head, floor } = this;
    if (isSame && mine > head) {
      const id = request.recordId;
      this.#push({ id, kind: 'raise', subject: '', redone: false }, mine);
    }
    return { inc, head, floor, nowUs, groups: groups.slice(0, MOST_SYNCED_GROUPS), tail };
  }

  /** Appends a record, and sets the position of a group. `nowUs`: µs since the epoch. */
  append(kind: Exclude<RecordKind, 'raise'>, request: AppendRequest, nowUs: number): AppendAnswer {
    const isNew = this.#replaceIfOlder(request);
    const previous = this.head;
    const position = Math.max(previous + 1, nowUs, request.head + 1);
    if (isNew) this.floor = firstFloor(request, position);
    const { recordId: id, subject, redone } = request;
    if (kind === 'group') {
      this.#groups.delete(subject);
      this.#groups.set(subject, position);
      this.#forget(request.registryMax);
    }
    this.#push({ id, kind, subject, redone }, position);
    return { inc: this.inc, previous, position };
  }

  /** The records after that head, at most `MOST_FOLLOWED`. */
  after({ head }: LogPlace): LogRecord[] {
    const last = this.#log.findLastIndex((record) => record.position <= head);
    return this.#log.slice(last + 1, last + 1 + MOST_FOLLOWED);
  }

  /** When the group was last invalidated; 0 if the registry does not know it. */
  position(id: string): number {
    return this.#groups.get(id) ?? 0;
  }

  /** Starts a new registry if there is none, or one older than the caller's. True if it did. */
  #replaceIfOlder({ inc, spareInc }: SyncRequest): boolean {
    if (this.inc !== 0 && this.inc >= inc) return false;
    this.inc = spareInc;
    this.#groups.clear();
    this.#log = [];
    return true;
  }

  /** Forgets the oldest groups beyond `registryMax`. The floor rises, so that entries in them count as invalidated. */
  #forget(registryMax: number): void {
    for (const [oldest, position] of this.#groups) {
      if (this.#groups.size <= registryMax) return;
      this.#groups.delete(oldest);
      this.floor = position;
    }
  }

  #push(record: Pick<LogRecord, 'id' | 'kind' | 'subject' | 'redone'>, position: number): void {
    this.#log.push({ ...record, inc: this.inc, previous: this.head, position });
    this.head = position;
    if (this.#log.length > 2 * MAX_RECORDS) this.#log = this.#log.slice(-MAX_RECORDS);
  }
}
