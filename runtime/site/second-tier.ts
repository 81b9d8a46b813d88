// What lies behind memory for one site: entry codec, guarded backend, floor. Loaded with the first call that needs it.
import type { CacheKitConfig } from '../config/cachekit-config.ts';
import type { Environment } from '../config/env.ts';
import type { BackendChoice } from '../config/choose-backend.ts';
import type { SiteSettings } from '../config/site-settings.ts';
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import type { ValueOps } from '../contract/value-kit.ts';
import type { Cipher } from '../crypto/cipher.ts';
import { freshness } from '../entry/freshness.ts';
import type { Built, DiscardReason, EncodeResult, EntryCodec, EntryTimes } from '../entry/entry.ts';
import { createEntryCodec } from '../envelope/entry-codec.ts';
import { areCodecsReady, loadCodecs } from '../envelope/ready.ts';
import type { CallReason } from '../observe/events.ts';
import type { GuardedBackend } from '../reliability/guarded-backend.ts';
import { missReason } from './failure-policy.ts';
import { FunctionFloor } from './function-floor.ts';
import { isAdapterLoaded, loadAdapter, sharedBackend } from './shared-backends.ts';
import { currentClock } from './tick-clock.ts';

export { closeBackends, releaseBackends, sharedBackend } from './shared-backends.ts';

export type ReadResult =
  | {
      readonly hit: true;
      readonly value: unknown;
      readonly built: Built | undefined;
      readonly bytes: Uint8Array;
      readonly ageMs: number;
      readonly remainingMs: number;
    }
  | { readonly hit: false; readonly reason: CallReason; readonly discard?: DiscardReason };

export interface TierOptions {
  readonly descriptor: CacheDescriptor;
  readonly settings: SiteSettings;
  readonly values: ValueOps | undefined;
  readonly cipher: Cipher | undefined;
  readonly config: CacheKitConfig;
  readonly environment: Environment;
  readonly longestTtlMs: () => number;
  readonly onFloorRise: () => void;
}

/** Of a write behind: a busy disk commits a batch late, and giving up would not make it faster. */
const WRITE_DEADLINE_MS = 5000;
const NO_SHAPE = '0'.repeat(16);

export class SecondTier {
  readonly codec: EntryCodec;
  /** Absent: only the codec is needed (sealed values in memory). */
  readonly guard: GuardedBackend | undefined;
  readonly #floor: FunctionFloor | undefined;

  constructor(options: TierOptions, guard: GuardedBackend | undefined) {
    const { descriptor, settings, values, cipher } = options;
    const common = {
      namespace: settings.namespace,
      keyPrefix: settings.keyPrefix,
      compress: settings.compress,
      maxSizeBytes: settings.maxSizeBytes,
      cipher,
    };
    const { serializer, versionText } = settings;
    const { shape } = descriptor;
    this.codec = createEntryCodec({
      ...common,
      siteId: descriptor.id,
      versionText,
      shape,
      serializer,
      value: values,
    });
    this.guard = guard;
    if (guard === undefined) return;
    // Not bound to version or shape: an invalidation also reaches what other deployments of the function stored.
    const records = {
      siteId: `${descriptor.id}\u0000floor`,
      versionText: '',
      shape: NO_SHAPE,
      serializer: 'std',
    };
    this.#floor = new FunctionFloor({
      codec: createEntryCodec({ ...common, ...records }),
      guard,
      clock: currentClock(),
      longestTtlMs: options.longestTtlMs,
      onRise: options.onFloorRise,
    });
  }

  /** Everything stored (epoch ms) at or before it was invalidated. */
  get floorMs(): number {
    return this.#floor?.floorMs ?? Number.NEGATIVE_INFINITY;
  }

  /** Never throws, never waits longer than the guard lets it. */
  async read(keyText: string): Promise<ReadResult> {
    if (this.guard === undefined) return { hit: false, reason: 'absent' };
    // Both at once: the floor costs no time of its own.
    const reading = this.guard.get(this.codec.storedKey(keyText));
    const floor = this.#floor?.refresh();
    const isFloorKnown = typeof floor === 'object' ? await floor : floor;
    const result = await reading;
    if (!result.ok) return { hit: false, reason: missReason(result.failure) };
    if (isFloorKnown === false) return { hit: false, reason: 'backend' };
    return this.open(keyText, result.value);
  }

  /** Undefined: this backend cannot be read synchronously. */
  readSync(keyText: string): ReadResult | undefined {
    if (this.guard?.sync === undefined) return undefined;
    if (this.#floor?.refreshSync() === false) return { hit: false, reason: 'backend' };
    const result = this.guard.sync.get(this.codec.storedKey(keyText));
    return result.ok ? this.open(keyText, result.value) : { hit: false, reason: missReason(result.failure) };
  }

  /** Bytes of a backend, or sealed bytes of memory, to a value that may be served now. */
  open(keyText: string, bytes: Uint8Array | undefined): ReadResult {
    if (bytes === undefined) return { hit: false, reason: 'absent' };
    const nowMs = currentClock().nowMs();
    const decoded = this.codec.decode(keyText, bytes, nowMs);
    if (!decoded.ok) return refuse(decoded.reason);
    const found = freshness(decoded.times, nowMs, this.floorMs);
    if (!found.fresh) return refuse(found.reason);
    const { value, built } = decoded;
    return { hit: true, value, built, bytes, ageMs: found.ageMs, remainingMs: found.remainingMs };
  }

  encode(keyText: string, value: unknown, times: EntryTimes): EncodeResult {
    return this.codec.encode(keyText, value, times);
  }

  async write(keyText: string, bytes: Uint8Array, ttlMs: number): Promise<boolean> {
    if (this.guard === undefined) return true;
    const result = await this.guard.set(this.codec.storedKey(keyText), bytes, ttlMs, WRITE_DEADLINE_MS);
    return result.ok;
  }

  async remove(keyText: string): Promise<boolean> {
    if (this.guard === undefined) return true;
    const result = await this.guard.delete(this.codec.storedKey(keyText));
    return result.ok;
  }

  async raiseFloor(): Promise<boolean> {
    return this.#floor === undefined ? true : this.#floor.raise();
  }
}

function refuse(discard: DiscardReason): ReadResult {
  return discard === 'expired'
    ? { hit: false, reason: 'expired' }
    : { hit: false, reason: 'discarded', discard };
}

/** Loads what `openSecondTier` needs: codecs, and the module of the backend. */
export async function loadParts(choice: BackendChoice): Promise<void> {
  await Promise.all([loadAdapter(choice), loadCodecs()]);
}

/** True: `openSecondTier` can be called now. */
export function arePartsLoaded(choice: BackendChoice): boolean {
  return areCodecsReady() && isAdapterLoaded(choice);
}

/** Wires everything up; nothing is asked of the backend yet. @throws what its constructor throws */
export function openSecondTier(options: TierOptions): SecondTier {
  const { settings, config, environment } = options;
  return new SecondTier(options, sharedBackend(settings.backend, config, environment));
}
