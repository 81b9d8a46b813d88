// What lies behind memory for one site: what `TierReads` reads, and here what is written, removed and invalidated. Loaded
// with the first call that needs it.
import { OFFLINE_MS } from '../../coherence/constants.ts';
import { groupId, groupIds } from '../../coherence/group-id.ts';
import type { Stamp as Moment } from '../../coherence/view.ts';
import { NO_STAMP, type EncodeResult, type EntryFacts, type Stamp } from '../../entry/entry.ts';
import type { Life } from '../../entry/freshness.ts';
import { FRAME_HEAD_BYTES } from '../../envelope/frame.ts';
import type { GuardedFence } from '../../reliability/guarded-backend.ts';
import { currentClock } from '../tick-clock.ts';
import { sharedBackend, type SharedBackend } from './shared-backends.ts';
import type { TierOptions } from './tier-codec.ts';
import { TierReads } from './tier-reads.ts';

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

export class SecondTier extends TierReads {
  /** The function under previous master keys too: processes that write with one of them look for that name. */
  readonly functionIds: readonly string[];
  /** Of sealed sites: public name of the key that writes; '' for others. */
  readonly keyId: string;

  constructor(options: TierOptions, shared: SharedBackend | undefined) {
    super(options, shared);
    const { descriptor, settings, vault } = options;
    const cipher = settings.sealing === 'off' ? undefined : vault?.cipherOf();
    this.functionIds = groupIds('function', descriptor.id, cipher);
    this.keyId = vault?.keyId ?? '';
  }

  /** Leases are of use only with a log: both, or neither. */
  get fence(): GuardedFence | undefined {
    return this.coherence === undefined ? undefined : this.guard?.fence;
  }

  tagIds(tags: readonly string[]): readonly string[] {
    return tags.map((tag) => groupId('tag', tag, this.mac));
  }

  /** What to note before a function starts. undefined: the log was never seen, so its result cannot be stored. */
  stamp(): Moment | undefined {
    return this.coherence === undefined ? NO_MOMENT : this.coherence.stamp();
  }

  /** How long memory may hold what is stored now: an invalidation could not reach it while the log is out of reach. */
  memoryLimitMs(): number {
    return this.coherence?.contact().isCutOff === true ? OFFLINE_MS : Number.POSITIVE_INFINITY;
  }

  /** What tells a stored entry from others of its key. */
  headOf(bytes: Uint8Array): Uint8Array;
  headOf(bytes: Uint8Array | undefined): Uint8Array | undefined;
  headOf(bytes: Uint8Array | undefined): Uint8Array | undefined {
    return this.codec.beside === undefined ? bytes?.subarray(0, FRAME_HEAD_BYTES) : bytes;
  }

  encode(keyText: string, value: unknown, facts: EntryFacts): Encoding {
    const encoded = this.codec.encode(keyText, value, facts);
    return encoded.ok ? { ...encoded, facts } : encoded;
  }

  /** false: the backend did not take it, or an invalidation came in between. */
  async write(keyText: string, entry: Encoded, life: Life, ticket: Ticket): Promise<boolean> {
    const isStored = await this.#put(keyText, entry, life, ticket);
    if (isStored) this.marks?.stored(this.codec.storedKey(keyText), entry.facts);
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

  /** true: every process that shares the backend will hear of it. Without a log it is deleted `after` something has ended. */
  async remove(keyText: string, after?: Promise<unknown>): Promise<boolean> {
    const { guard, coherence, removals } = this;
    if (guard === undefined) return true;
    const names = this.namesOf(keyText);
    const removeAll = async (remove: (name: string) => Promise<boolean>): Promise<boolean> =>
      (await Promise.all(names.map(remove))).every((isDone) => isDone);
    if (coherence !== undefined) return removeAll((name) => coherence.invalidateKey(name, this.groups[1]));
    const name = this.codec.storedKey(keyText);
    const deleteAll = async (): Promise<boolean> => {
      if (after !== undefined) await after;
      this.marks?.removed(name, this.nowMs());
      return removeAll(async (one) => (await guard.delete(one)).ok);
    };
    return removals === undefined ? deleteAll() : removals.during(name, deleteAll);
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
    this.floors?.raise(id, currentClock().nowMs());
    return false;
  }
}

/** Wires everything up; nothing is asked of the backend yet. @throws what its constructor throws */
export function openSecondTier(options: TierOptions): SecondTier {
  const { settings, config, environment } = options;
  return new SecondTier(options, sharedBackend(settings.backend, config, environment));
}
