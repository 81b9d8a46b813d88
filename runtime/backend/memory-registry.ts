// The registry and log of invalidations in this process: the reference for what those of any backend do.
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

/** Records kept; the list is cut when it is twice as long. */
const MOST_RECORDS = 16_384;

/** Data only: who waits for records is told by memory-log.ts. */
export class MemoryRegistry {
  /** 0: there is no registry yet. */
  inc = 0;
  head = 0;
  floor = 0;
  /** In the order of their positions: a group that is invalidated again moves to the end. */
  readonly #groups = new Map<string, number>();
  #log: LogRecord[] = [];

  sync(request: SyncRequest, nowUs: number): SyncAnswer {
    const { head: mine } = request;
    if (this.#isReplaced(request)) {
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

  append(kind: Exclude<RecordKind, 'raise'>, request: AppendRequest, nowUs: number): AppendAnswer {
    const isNew = this.#isReplaced(request);
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

  /** At most 512. */
  after({ head }: LogPlace): LogRecord[] {
    const last = this.#log.findLastIndex((record) => record.position <= head);
    return this.#log.slice(last + 1, last + 1 + MOST_FOLLOWED);
  }

  position(id: string): number {
    return this.#groups.get(id) ?? 0;
  }

  /** Begun anew where there is none, or one older than the caller's. */
  #isReplaced({ inc, spareInc }: SyncRequest): boolean {
    if (this.inc !== 0 && this.inc >= inc) return false;
    this.inc = spareInc;
    this.#groups.clear();
    this.#log = [];
    return true;
  }

  /** What is forgotten counts as invalidated: the floor says up to where. */
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
    if (this.#log.length > 2 * MOST_RECORDS) this.#log = this.#log.slice(-MOST_RECORDS);
  }
}
