// The second tier of one site. `TierReads` is its read half; this file writes, removes and invalidates. Loaded with the
// first call that needs it.
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
  /** '' if the store fences by the stamp alone. */
  readonly lease: string;
  /** The lock; '' if none is held. */
  readonly token: string;
  /** Monotonic ms. */
  readonly takenMs: number;
}

/** A value as stored bytes with its metadata, or why it cannot be stored. */
export type Encoding = Encoded | Extract<EncodeResult, { ok: false }>;
export type Encoded = Extract<EncodeResult, { ok: true }> & { readonly facts: EntryFacts };

/** The stamp for stores without a log. */
const NO_MOMENT: Moment = { ...NO_STAMP, seq: 0 };

/** Deadline of a write in the background. Long, because a busy disk may commit a batch late. */
const WRITE_DEADLINE_MS = 5000;

/** The second tier of one site. `keyText`: canonical key text of a call. */
export class SecondTier extends TierReads {
  /** Group ids of the function under current and previous master keys: other processes may still write with those. */
  readonly functionIds: readonly string[];
  /** Public id of the master key that seals or signs; '' if there is none. */
  readonly keyId: string;

  constructor(options: TierOptions, shared: SharedBackend | undefined) {
    super(options, shared);
    const { descriptor, settings, vault } = options;
    const cipher = settings.sealing === 'off' ? undefined : vault?.cipherOf();
    this.functionIds = groupIds('function', descriptor.id, cipher);
    this.keyId = vault?.keyId ?? '';
  }

  /** Leases and locks; undefined without a log, because leases are of no use then. */
  get fence(): GuardedFence | undefined {
    return this.coherence === undefined ? undefined : this.guard?.fence;
  }

  /** Group ids of tags. */
  tagIds(tags: readonly string[]): readonly string[] {
    return tags.map((tag) => groupId('tag', tag, this.mac));
  }

  /** The stamp to take before a function starts. undefined: the log was never reached, so its result cannot be stored. */
  stamp(): Moment | undefined {
    return this.coherence === undefined ? NO_MOMENT : this.coherence.stamp();
  }

  /** How long memory may hold an entry stored now. It is limited while the log is unreachable, with its invalidations. */
  memoryLimitMs(): number {
    return this.coherence?.contact().isCutOff === true ? OFFLINE_MS : Number.POSITIVE_INFINITY;
  }

  /** The first bytes of an entry, which distinguish it from other entries of its key. */
  headOf(bytes: Uint8Array): Uint8Array;
  headOf(bytes: Uint8Array | undefined): Uint8Array | undefined;
  headOf(bytes: Uint8Array | undefined): Uint8Array | undefined {
    return this.codec.beside === undefined ? bytes?.subarray(0, FRAME_HEAD_BYTES) : bytes;
  }

  /** Encodes a value for `write`. */
  encode(keyText: string, value: unknown, facts: EntryFacts): Encoding {
    const encoded = this.codec.encode(keyText, value, facts);
    return encoded.ok ? { ...encoded, facts } : encoded;
  }

  /** Stores an entry. False: the backend did not take it, or an invalidation came in between. */
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
    // Other languages take every stored interop entry for fresh, so it is stored only for as long as it is.
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

  /**
   * Invalidates the entry of a call. True: the backend has acknowledged it. Without a log the entry is just deleted,
   * `after` the given promise has settled.
   */
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

  /** Invalidates all entries of the function. */
  async removeFunction(): Promise<boolean> {
    const all = await Promise.all(this.functionIds.map(async (id) => this.removeGroup(id)));
    return all.every((isDone) => isDone);
  }

  /** Invalidates a namespace, a function or a tag. False without a log: no other process learns of it. */
  async removeGroup(id: string): Promise<boolean> {
    if (this.guard === undefined) return true;
    if (this.coherence !== undefined) return this.coherence.invalidateGroup(id);
    this.floors?.raise(id, currentClock().nowMs());
    return false;
  }
}

/** Opens the second tier of a site. Sends nothing to the backend yet. @throws what the backend's constructor throws */
export function openSecondTier(options: TierOptions): SecondTier {
  const { settings, config, environment } = options;
  return new SecondTier(options, sharedBackend(settings.backend, config, environment));
}
