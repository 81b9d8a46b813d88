// The read half of a second tier: turns stored bytes into a value that is valid by all that this process knows.
import type { Coherence } from '../../coherence/coherence.ts';
import { groupId } from '../../coherence/group-id.ts';
import type { HighWaterMarks } from '../../coherence/high-water-marks.ts';
import type { LocalFloors } from '../../coherence/local-floors.ts';
import type { LocalRemovals } from '../../coherence/local-removals.ts';
import type { Stamp as Moment } from '../../coherence/view.ts';
import type { EntryCodec, EntryFacts } from '../../entry/entry.ts';
import { lifeOf } from '../../entry/freshness.ts';
import type { Turns } from '../../flow/turns.ts';
import { within } from '../../flow/within.ts';
import type { GuardedBackend } from '../../reliability/guarded-backend.ts';
import { missReason } from '../call/failure-policy.ts';
import { currentClock } from '../tick-clock.ts';
import { findStored, type Found } from './find-stored.ts';
import type { SharedBackend } from './shared-backends.ts';
import { refuse, type ReadHit, type ReadResult } from './stored-read.ts';
import { codecOf, type TierOptions } from './tier-codec.ts';

/** Reads entries. `keyText`: canonical key text of a call. */
export class TierReads {
  readonly codec: EntryCodec;
  /** undefined: there is no backend; only the codec is needed, for sealed values in memory. */
  readonly guard: GuardedBackend | undefined;
  /** undefined: the backend has no log, so invalidations reach this process only. */
  readonly coherence: Coherence | undefined;
  /** Limits concurrent calls of `many()`. */
  readonly turns: Turns | undefined;
  /** Group ids of the namespace and the function, which every entry depends on. */
  readonly groups: readonly [namespace: string, fn: string];
  protected readonly floors: LocalFloors | undefined;
  protected readonly removals: LocalRemovals | undefined;
  /** Replay protection. Only for authenticated entries, and not for interop entries, which have nothing to compare. */
  protected readonly marks: HighWaterMarks | undefined;
  /** Only for sealed sites: makes group ids that do not reveal names. */
  protected readonly mac: ((data: Uint8Array) => Buffer) | undefined;
  readonly #ttlMs: number;

  constructor(options: TierOptions, shared: SharedBackend | undefined) {
    const { descriptor, settings, vault } = options;
    const { namespace, keyPrefix } = settings;
    this.codec = codecOf(options);
    this.guard = shared?.guard;
    this.coherence = shared?.coherence(keyPrefix);
    // The same for all tenants: a group is invalidated for all of them.
    const cipher = settings.sealing === 'off' ? undefined : vault?.cipherOf();
    this.mac = cipher && ((data) => cipher.mac(data));
    this.groups = [groupId('namespace', namespace, this.mac), groupId('function', descriptor.id, this.mac)];
    this.turns = shared?.turns;
    this.floors = shared?.floors;
    this.removals = shared?.removals;
    const isAuthentic = settings.sealing !== 'off' || settings.integrity === 'hmac';
    this.marks = isAuthentic && this.codec.beside === undefined ? shared?.marks : undefined;
    this.#ttlMs = settings.ttlMs;
  }

  /** Reads the entry of a call. Never rejects; the guard bounds the wait. */
  read(keyText: string): Promise<ReadResult> {
    const { guard, coherence } = this;
    if (guard === undefined || this.#isBeingRemoved(keyText))
      return Promise.resolve({ hit: false, reason: 'absent' });
    const sentAt = coherence?.stamp();
    const found = findStored(guard, this.codec, keyText);
    if (coherence?.ready() === false) return this.#readBeforeLog(keyText, found, guard, coherence);
    return found.then((result) =>
      result.ok
        ? this.accept(keyText, result.value, sentAt, result.record)
        : { hit: false, reason: missReason(result.failure) },
    );
  }

  /** For a read before the first synchronisation: the entry counts only if that happens within the time of a read. */
  async #readBeforeLog(
    keyText: string,
    found: Promise<Found>,
    guard: GuardedBackend,
    coherence: Coherence,
  ): Promise<ReadResult> {
    const beganMs = currentClock().monotonicMs();
    const result = await found;
    // Nothing was read, so there is no need to wait for the log.
    if (!result.ok) return { hit: false, reason: missReason(result.failure) };
    const leftMs = guard.state().timeoutMs - (currentClock().monotonicMs() - beganMs);
    const isReady = coherence.ready() || (await within(coherence.whenReady(), Math.max(0, leftMs), false));
    if (!isReady) return { hit: false, reason: 'backend' };
    return this.accept(keyText, result.value, coherence.stamp(), result.record);
  }

  /** Decodes stored bytes that were just read, and checks that they were not invalidated. */
  accept(
    keyText: string,
    bytes: Uint8Array | undefined,
    sentAt: Moment | undefined,
    record?: Uint8Array,
  ): ReadResult | Promise<ReadResult> {
    const { coherence } = this;
    const read = this.open(keyText, bytes, sentAt, record);
    if (!read.hit) return read;
    if (coherence === undefined) return this.#admit(keyText, read, this.#isAboveFloors(read));
    if (this.#isOutOfContact(coherence)) return { hit: false, reason: 'backend' };
    const { stamp } = read.facts;
    const ids = this.#idsOf(read.facts);
    let isUnknown = false;
    for (const name of this.namesOf(keyText)) {
      const verdict = coherence.check(stamp, ids, name);
      if (verdict === 'invalid') return refuse('superseded', bytes);
      isUnknown ||= verdict === 'unknown';
    }
    if (!isUnknown) return this.#admit(keyText, read, true);
    return this.#lookUp(coherence, read, ids, this.namesOf(keyText)).then((isValid) =>
      this.#admit(keyText, read, isValid),
    );
  }

  /** Lets a valid entry pass, unless this process has seen a newer one under the same key. */
  #admit(keyText: string, read: ReadHit, isValid: boolean): ReadResult {
    if (!isValid) return refuse('superseded', read.bytes);
    const isNewest = this.marks?.admit(this.codec.storedKey(keyText), read.facts) ?? true;
    return isNewest ? read : refuse('replayed', read.bytes);
  }

  /** Asks the registry about an entry that is older than what this process remembers. */
  async #lookUp(
    coherence: Coherence,
    read: ReadHit,
    ids: readonly string[],
    names: readonly string[],
  ): Promise<boolean> {
    for (const name of names) if (!(await coherence.lookup(read.facts.stamp, ids, name))) return false;
    return true;
  }

  /** Accepts an entry that `begin` returned. Its side record, if there is one, still has to be read. */
  async acceptFilled(keyText: string, bytes: Uint8Array, sentAt: Moment | undefined): Promise<ReadResult> {
    const key = this.codec.beside?.key(keyText);
    const record = key === undefined ? undefined : await this.guard?.get(key);
    return this.accept(keyText, bytes, sentAt, record?.ok === true ? record.value : undefined);
  }

  /** Reads the entry of a call synchronously. undefined: this backend cannot be read so. */
  readSync(keyText: string): ReadResult | undefined {
    const { guard, coherence } = this;
    // Synchronous functions do not support interop entries.
    if (guard?.sync === undefined || this.codec.beside !== undefined) return undefined;
    if (coherence !== undefined && (!coherence.ready() || this.#isOutOfContact(coherence)))
      return { hit: false, reason: 'backend' };
    if (this.#isBeingRemoved(keyText)) return { hit: false, reason: 'absent' };
    let bytes: Uint8Array | undefined;
    for (const name of this.namesOf(keyText)) {
      const result = guard.sync.get(name);
      if (!result.ok) return { hit: false, reason: missReason(result.failure) };
      bytes ??= result.value;
      if (bytes !== undefined) break;
    }
    const read = this.open(keyText, bytes, coherence?.stamp());
    if (!read.hit) return read;
    const isValid = coherence === undefined ? this.#isAboveFloors(read) : this.isValid(keyText, read.facts);
    return this.#admit(keyText, read, isValid);
  }

  /** Decodes bytes of a backend, or sealed bytes of memory. A miss if they cannot be used, or the entry is gone. */
  open(keyText: string, bytes: Uint8Array | undefined, sentAt?: Moment, record?: Uint8Array): ReadResult {
    if (bytes === undefined) return { hit: false, reason: 'absent' };
    const nowMs = this.nowMs();
    const decoded = this.codec.decode(keyText, bytes, nowMs);
    if (!decoded.ok) return refuse(decoded.reason, bytes);
    const { value, built, sealedBy } = decoded;
    const { beside } = this.codec;
    const facts = beside === undefined ? decoded.facts : beside.read(keyText, bytes, record);
    if (facts === undefined) return this.#openForeign({ value, built, bytes, sentAt, sealedBy });
    const life = lifeOf(facts.times, nowMs);
    if (life === undefined) return refuse('expired', bytes);
    return { hit: true, value, built, bytes, life, facts, sentAt, sealedBy, isForeign: false };
  }

  /** An entry of another language, whose age is unknown: it counts as older than any invalidation of its groups. */
  #openForeign(read: Pick<ReadHit, 'value' | 'built' | 'bytes' | 'sentAt' | 'sealedBy'>): ReadHit {
    const life = { ageMs: 0, softLeftMs: this.#ttlMs, hardLeftMs: this.#ttlMs };
    const stamp = { inc: this.coherence?.stamp()?.inc ?? 0, born: 0 };
    const times = { storedAtMs: 0, softExpiryMs: this.#ttlMs, hardExpiryMs: this.#ttlMs };
    return { hit: true, ...read, life, facts: { times, stamp, tags: [] }, isForeign: true };
  }

  /** The clock of stored entries, epoch ms. After the first synchronisation it is the same on all hosts. */
  nowMs(): number {
    const nowMs = this.coherence?.registryTimeMs() ?? currentClock().nowMs();
    return this.floors?.timeMs(nowMs) ?? nowMs;
  }

  /** Whether an entry is still valid by all that this process knows. Asked whenever a value is handed out later. */
  isValid(keyText: string, facts: Pick<EntryFacts, 'stamp' | 'tags'>): boolean {
    const { coherence } = this;
    if (coherence === undefined) return true;
    const ids = this.#idsOf(facts);
    return this.namesOf(keyText).every((name) => coherence.check(facts.stamp, ids, name) === 'valid');
  }

  /** Whether memory may keep an entry that was read: no invalidation has come since the read was sent. */
  mayKeep(keyText: string, { facts, sentAt, isForeign }: ReadHit): boolean {
    const { coherence } = this;
    if (isForeign) return false;
    if (coherence === undefined) return true;
    return sentAt !== undefined && coherence.mayKeep(sentAt) && this.isValid(keyText, facts);
  }

  /** The backend keys of a call, the current one first. */
  protected namesOf(keyText: string): readonly string[] {
    const older = this.codec.olderKeys(keyText);
    const name = this.codec.storedKey(keyText);
    return older.length === 0 ? [name] : [name, ...older];
  }

  /** Whether the entry is being deleted: the store may still return it, but it counts as absent. */
  #isBeingRemoved(keyText: string): boolean {
    return this.coherence === undefined && this.removals?.has(this.codec.storedKey(keyText)) === true;
  }

  #isAboveFloors({ facts }: ReadHit): boolean {
    return this.floors?.isValid(this.#idsOf(facts), facts.times.storedAtMs) ?? true;
  }

  #idsOf(facts: Pick<EntryFacts, 'tags'>): readonly string[] {
    return facts.tags.length === 0 ? this.groups : [...this.groups, ...facts.tags];
  }

  #isOutOfContact(coherence: Coherence): boolean {
    const { isCutOff, serveUntilMs } = coherence.contact();
    return isCutOff && currentClock().monotonicMs() >= serveUntilMs;
  }
}
