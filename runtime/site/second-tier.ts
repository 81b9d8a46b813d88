// What lies behind memory for one site: entry codec, guarded backend, what processes agree on. Loaded with the first
// call that needs it.
import { OFFLINE_MS } from '../coherence/constants.ts';
import type { Coherence } from '../coherence/coherence.ts';
import type { HighWaterMarks } from '../coherence/high-water-marks.ts';
import type { LocalFloors } from '../coherence/local-floors.ts';
import { groupId, groupIds } from '../coherence/group-id.ts';
import type { Stamp as Moment } from '../coherence/view.ts';
import { lifeOf, type Life } from '../entry/freshness.ts';
import { NO_STAMP, type EncodeResult, type EntryCodec, type EntryFacts, type Stamp } from '../entry/entry.ts';
import { FRAME_HEAD_BYTES } from '../envelope/frame.ts';
import { within } from '../flow/within.ts';
import type { GuardedBackend, GuardedFence } from '../reliability/guarded-backend.ts';
import { missReason } from './failure-policy.ts';
import { findStored } from './find-stored.ts';
import { codecOf, type TierOptions } from './tier-codec.ts';
import { sharedBackend, type SharedBackend } from './shared-backends.ts';
import { refuse, type ReadHit, type ReadResult } from './stored-read.ts';
import { currentClock } from './tick-clock.ts';

export { sharedBackend } from './shared-backends.ts';
export type { TierOptions } from './tier-codec.ts';
export type { ReadHit, ReadMiss, ReadResult } from './stored-read.ts';
export { closeBackends, releaseBackends } from './shared-backends.ts';
export { arePartsLoaded, loadParts } from './tier-parts.ts';

/** What allows a result to be stored. */
export interface Ticket {
  readonly stamp: Stamp;
  /** '' for stores that fence by the stamp alone. */
  readonly lease: string;
  /** '' when no lock is held. */
  readonly token: string;
  /** Monotonic ms. */
  readonly takenMs: number;
}

/** A value as stored bytes, and what they say of it. */
export type Encoding = Encoded | Extract<EncodeResult, { ok: false }>;
export type Encoded = Extract<EncodeResult, { ok: true }> & { readonly facts: EntryFacts };

/** Of stores without a log. */
const NO_MOMENT: Moment = { ...NO_STAMP, seq: 0 };

/** Of a write behind: a busy disk commits a batch late, and giving up would not make it faster. */
const WRITE_DEADLINE_MS = 5000;

export class SecondTier {
  readonly codec: EntryCodec;
  /** Absent: only the codec is needed (sealed values in memory). */
  readonly guard: GuardedBackend | undefined;
  /** Absent: the backend has no log, so invalidations hold within this process only. */
  readonly coherence: Coherence | undefined;
  /** Group ids of its namespace and of the function: what it depends on besides its key. */
  readonly groups: readonly [namespace: string, fn: string];
  /** The function under previous master keys too: processes that write with one of them look for that name. */
  readonly functionIds: readonly string[];
  /** Of sealed sites: public name of the key that writes; '' for others. */
  readonly keyId: string;
  readonly #ttlMs: number;
  readonly #floors: LocalFloors | undefined;
  /** Only where entries are authentic; those of other languages say nothing that could be compared. */
  readonly #marks: HighWaterMarks | undefined;
  readonly #mac: ((data: Uint8Array) => Buffer) | undefined;

  constructor(options: TierOptions, shared: SharedBackend | undefined) {
    const { descriptor, settings, vault } = options;
    const { namespace, keyPrefix } = settings;
    const siteId = descriptor.id;
    this.codec = codecOf(options);
    this.#ttlMs = settings.ttlMs;
    this.keyId = vault?.keyId ?? '';
    this.guard = shared?.guard;
    // Of all tenants alike: what is invalidated as a whole is so for each of them.
    const cipher = settings.sealing === 'off' ? undefined : vault?.cipherOf();
    this.#mac = cipher === undefined ? undefined : (data) => cipher.mac(data);
    this.groups = [groupId('namespace', namespace, this.#mac), groupId('function', siteId, this.#mac)];
    this.functionIds = groupIds('function', siteId, cipher);
    this.coherence = shared?.coherence(keyPrefix);
    this.#floors = shared?.floors;
    const isAuthentic = settings.sealing !== 'off' || settings.integrity === 'hmac';
    this.#marks = isAuthentic && this.codec.beside === undefined ? shared?.marks : undefined;
  }

  /** Leases are of use only with a log: both, or neither. */
  get fence(): GuardedFence | undefined {
    return this.coherence === undefined ? undefined : this.guard?.fence;
  }

  tagIds(tags: readonly string[]): readonly string[] {
    return tags.map((tag) => groupId('tag', tag, this.#mac));
  }

  /** What to note before a function starts. undefined: the log was never seen, so its result cannot be stored. */
  stamp(): Moment | undefined {
    return this.coherence === undefined ? NO_MOMENT : this.coherence.stamp();
  }

  /** How long memory may hold what is stored now: an invalidation could not reach it while the log is out of reach. */
  memoryLimitMs(): number {
    return this.coherence?.contact().isCutOff === true ? OFFLINE_MS : Number.POSITIVE_INFINITY;
  }

  /** Never throws, never waits longer than the guard lets it. */
  async read(keyText: string): Promise<ReadResult> {
    const { guard, coherence } = this;
    if (guard === undefined) return { hit: false, reason: 'absent' };
    const sentAt = coherence?.stamp();
    const beganMs = currentClock().monotonicMs();
    const result = await findStored(guard, this.codec, keyText);
    // Nothing was read, so there is nothing to wait for: a log that is out of reach costs no time of its own.
    if (!result.ok) return { hit: false, reason: missReason(result.failure) };
    if (coherence?.ready() === false) {
      const leftMs = guard.state().timeoutMs - (currentClock().monotonicMs() - beganMs);
      const isReady = await within(coherence.whenReady(), Math.max(0, leftMs), false);
      if (!isReady) return { hit: false, reason: 'backend' };
    }
    return this.accept(keyText, result.value, sentAt ?? coherence?.stamp(), result.record);
  }

  /** Stored bytes that were just read: opened, and not invalidated by anything this process knows of. */
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
    for (const name of this.#namesOf(keyText)) {
      const verdict = coherence.check(stamp, ids, name);
      if (verdict === 'invalid') return refuse('superseded', bytes);
      isUnknown ||= verdict === 'unknown';
    }
    if (!isUnknown) return this.#admit(keyText, read, true);
    return this.#lookUp(coherence, read, ids, this.#namesOf(keyText)).then((isValid) =>
      this.#admit(keyText, read, isValid),
    );
  }

  /** Valid or not; and of valid ones none that is older than what this process has met under its name. */
  #admit(keyText: string, read: ReadHit, isValid: boolean): ReadResult {
    if (!isValid) return refuse('superseded', read.bytes);
    const isNewest = this.#marks?.admit(this.codec.storedKey(keyText), read.facts) ?? true;
    return isNewest ? read : refuse('replayed', read.bytes);
  }

  /** Older than what this process holds of the registry: that is asked. */
  async #lookUp(
    coherence: Coherence,
    read: ReadHit,
    ids: readonly string[],
    names: readonly string[],
  ): Promise<boolean> {
    for (const name of names) if (!(await coherence.lookup(read.facts.stamp, ids, name))) return false;
    return true;
  }

  /** For an entry that `begin` gives: what stands beside it has to be read. */
  async acceptFilled(keyText: string, bytes: Uint8Array, sentAt: Moment | undefined): Promise<ReadResult> {
    const key = this.codec.beside?.key(keyText);
    const record = key === undefined ? undefined : await this.guard?.get(key);
    return this.accept(keyText, bytes, sentAt, record?.ok === true ? record.value : undefined);
  }

  /** What tells a stored entry from others of its key. */
  headOf(bytes: Uint8Array): Uint8Array;
  headOf(bytes: Uint8Array | undefined): Uint8Array | undefined;
  headOf(bytes: Uint8Array | undefined): Uint8Array | undefined {
    return this.codec.beside === undefined ? bytes?.subarray(0, FRAME_HEAD_BYTES) : bytes;
  }

  /** Undefined: this backend cannot be read synchronously. */
  readSync(keyText: string): ReadResult | undefined {
    const { guard, coherence } = this;
    // Synchronous functions have no names in common with other languages.
    if (guard?.sync === undefined || this.codec.beside !== undefined) return undefined;
    if (coherence !== undefined && (!coherence.ready() || this.#isOutOfContact(coherence)))
      return { hit: false, reason: 'backend' };
    let bytes: Uint8Array | undefined;
    for (const name of this.#namesOf(keyText)) {
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

  /** Bytes of a backend, or sealed bytes of memory, to a value that is not gone. */
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

  /** Written by another language, which says nothing of when: older than any invalidation of its groups. */
  #openForeign(read: Pick<ReadHit, 'value' | 'built' | 'bytes' | 'sentAt' | 'sealedBy'>): ReadHit {
    const life = { ageMs: 0, softLeftMs: this.#ttlMs, hardLeftMs: this.#ttlMs };
    const stamp = { inc: this.coherence?.stamp()?.inc ?? 0, born: 0 };
    const times = { storedAtMs: 0, softExpiryMs: this.#ttlMs, hardExpiryMs: this.#ttlMs };
    return { hit: true, ...read, life, facts: { times, stamp, tags: [] }, isForeign: true };
  }

  /** The time in entries: the same on all hosts once the log was seen. Epoch ms. */
  nowMs(): number {
    const nowMs = this.coherence?.registryTimeMs() ?? currentClock().nowMs();
    return this.#floors?.timeMs(nowMs) ?? nowMs;
  }

  /** Still valid, as far as this process knows: asked again at every moment at which an older value is handed out. */
  isValid(keyText: string, facts: Pick<EntryFacts, 'stamp' | 'tags'>): boolean {
    const { coherence } = this;
    if (coherence === undefined) return true;
    const ids = this.#idsOf(facts);
    return this.#namesOf(keyText).every((name) => coherence.check(facts.stamp, ids, name) === 'valid');
  }

  /** Memory may have it: no invalidation came between the sending of the read and now. */
  mayKeep(keyText: string, { facts, sentAt, isForeign }: ReadHit): boolean {
    const { coherence } = this;
    if (isForeign) return false;
    if (coherence === undefined) return true;
    return sentAt !== undefined && coherence.mayKeep(sentAt) && this.isValid(keyText, facts);
  }

  encode(keyText: string, value: unknown, facts: EntryFacts): Encoding {
    const encoded = this.codec.encode(keyText, value, facts);
    return encoded.ok ? { ...encoded, facts } : encoded;
  }

  /** false: the backend did not take it, or an invalidation came in between. */
  async write(keyText: string, entry: Encoded, life: Life, ticket: Ticket): Promise<boolean> {
    const isStored = await this.#put(keyText, entry, life, ticket);
    if (isStored) this.#marks?.stored(this.codec.storedKey(keyText), entry.facts);
    return isStored;
  }

  async #put(keyText: string, entry: Encoded, life: Life, ticket: Ticket): Promise<boolean> {
    const { guard, fence } = this;
    if (guard === undefined) return true;
    const { bytes, side } = entry;
    const key = this.codec.storedKey(keyText);
    // To other languages a stored entry is fresh, so it is there no longer than that.
    const sideKey = this.codec.beside?.key(keyText);
    const ttlMs = sideKey === undefined ? life.hardLeftMs : life.softLeftMs;
    if (fence === undefined) return (await guard.set(key, bytes, ttlMs, WRITE_DEADLINE_MS)).ok;
    const { lease, token } = ticket;
    const ageMs = currentClock().monotonicMs() - ticket.takenMs;
    const beside = sideKey === undefined || side === undefined ? undefined : { key: sideKey, value: side };
    const request = { key, lease, token, value: bytes, ttlMs, born: ticket.stamp.born, ageMs, beside };
    const result = await fence.fill(request, WRITE_DEADLINE_MS);
    return result.ok && result.value;
  }

  /** true: every process that shares the backend will hear of it. */
  async remove(keyText: string): Promise<boolean> {
    const { guard, coherence } = this;
    if (guard === undefined) return true;
    if (coherence === undefined) this.#marks?.removed(this.codec.storedKey(keyText), this.nowMs());
    const all = this.#namesOf(keyText).map(async (name) =>
      coherence === undefined ? (await guard.delete(name)).ok : coherence.invalidateKey(name, this.groups[1]),
    );
    return (await Promise.all(all)).every((isDone) => isDone);
  }

  /** The same for all calls of the function. */
  async removeFunction(): Promise<boolean> {
    const all = await Promise.all(this.functionIds.map(async (id) => this.removeGroup(id)));
    return all.every((isDone) => isDone);
  }

  /** The same for a namespace, a function or a tag. Without a log nobody else hears of it. */
  async removeGroup(id: string): Promise<boolean> {
    if (this.guard === undefined) return true;
    if (this.coherence !== undefined) return this.coherence.invalidateGroup(id);
    this.#floors?.raise(id, currentClock().nowMs());
    return false;
  }

  #namesOf(keyText: string): readonly string[] {
    const older = this.codec.olderKeys(keyText);
    const name = this.codec.storedKey(keyText);
    return older.length === 0 ? [name] : [name, ...older];
  }

  #isAboveFloors({ facts }: ReadHit): boolean {
    return this.#floors?.isValid(this.#idsOf(facts), facts.times.storedAtMs) ?? true;
  }

  #idsOf(facts: Pick<EntryFacts, 'tags'>): readonly string[] {
    return facts.tags.length === 0 ? this.groups : [...this.groups, ...facts.tags];
  }

  #isOutOfContact(coherence: Coherence): boolean {
    const { isCutOff, serveUntilMs } = coherence.contact();
    return isCutOff && currentClock().monotonicMs() >= serveUntilMs;
  }
}

/** Wires everything up; nothing is asked of the backend yet. @throws what its constructor throws */
export function openSecondTier(options: TierOptions): SecondTier {
  const { settings, config, environment } = options;
  return new SecondTier(options, sharedBackend(settings.backend, config, environment));
}
