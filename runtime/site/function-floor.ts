// `invalidateAll` for the second tier: one small record per function that says "nothing stored up to here counts".
//
// The record lies in the backend beside the entries, so every process that shares them finds it. It is read at most
// once per second and site, together with the read of an entry: another process may serve an old value for up to
// 1 s (and from its memory until its next read of the backend). Times are wall clocks: hosts whose clocks differ see
// the invalidation shifted by that difference.
import type { EntryCodec } from '../entry/entry.ts';
import type { GuardedBackend } from '../reliability/guarded-backend.ts';
import type { Clock } from '../config/clock.ts';

/** How old a reading may be. */
const READING_LASTS_MS = 1000;
/** The record must outlive every entry it speaks of. */
const SHORTEST_LIFE_MS = 7 * 86_400_000;
const FLOOR_TEXT = 'floor';

export interface FloorOptions {
  /** Of a pseudo-function whose name no function can have: its entries are the records. */
  readonly codec: EntryCodec;
  readonly guard: GuardedBackend;
  readonly clock: Clock;
  /** Longest life of an entry of the function. */
  readonly longestTtlMs: () => number;
  /** Another process has invalidated everything: memory must go. */
  readonly onRise: () => void;
}

export class FunctionFloor {
  readonly #options: FloorOptions;
  #floorMs = Number.NEGATIVE_INFINITY;
  #record = Number.NEGATIVE_INFINITY;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<boolean> | undefined;

  constructor(options: FloorOptions) {
    this.#options = options;
  }

  /** Entries stored (epoch ms) at or before it are misses. */
  get floorMs(): number {
    return this.#floorMs;
  }

  /** Resolves when the floor is known; false: the backend did not say, so nothing it holds can be trusted now. */
  refresh(): Promise<boolean> | true {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#readAtMs < READING_LASTS_MS) return true;
    return (this.#reading ??= this.#read(nowMs).finally(() => {
      this.#reading = undefined;
    }));
  }

  async #read(nowMs: number): Promise<boolean> {
    const { codec, guard } = this.#options;
    const result = await guard.get(codec.storedKey(FLOOR_TEXT));
    if (!result.ok) return false;
    this.#learn(result.value);
    this.#readAtMs = nowMs;
    return true;
  }

  /** The same for synchronous sites. */
  refreshSync(): boolean {
    const { codec, guard, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#readAtMs < READING_LASTS_MS) return true;
    const result = guard.sync?.get(codec.storedKey(FLOOR_TEXT));
    if (result?.ok !== true) return false;
    this.#learn(result.value);
    this.#readAtMs = nowMs;
    return true;
  }

  #learn(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return;
    const { codec, clock, onRise } = this.#options;
    const decoded = codec.decode(FLOOR_TEXT, bytes, clock.nowMs());
    if (!decoded.ok || typeof decoded.value !== 'number' || decoded.value === this.#record) return;
    this.#record = decoded.value;
    // A host with a fast clock must not make everything a miss until that time comes.
    const next = Math.min(decoded.value, clock.nowMs());
    if (!(next > this.#floorMs)) return;
    this.#floorMs = next;
    onRise();
  }

  /** Everything up to now is void here at once; resolves to whether the backend knows it too. */
  async raise(): Promise<boolean> {
    const { codec, guard, clock, longestTtlMs } = this.#options;
    const nowMs = clock.nowMs();
    // One more than before: what was stored since the last one, in the same millisecond, is above that.
    this.#floorMs = Math.max(this.#floorMs + 1, nowMs);
    const lifeMs = Math.max(SHORTEST_LIFE_MS, 2 * longestTtlMs());
    const times = { storedAtMs: nowMs, softExpiryMs: nowMs + lifeMs, hardExpiryMs: nowMs + lifeMs };
    const encoded = codec.encode(FLOOR_TEXT, this.#floorMs, times);
    if (!encoded.ok) return false;
    const result = await guard.set(codec.storedKey(FLOOR_TEXT), encoded.bytes, lifeMs);
    return result.ok;
  }
}
