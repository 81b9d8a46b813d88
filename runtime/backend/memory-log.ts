// The log port over registries in the memory of this process: one registry per prefix, and the followers waiting for
// its records.
import type { Clock } from '../config/clock.ts';
import { BackendError } from './backend-error.ts';
import type {
  AppendAnswer,
  AppendRequest,
  FollowAnswer,
  LogCapability,
  LogPlace,
  SyncAnswer,
  SyncRequest,
} from './log-capability.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { whenWanted } from './when-wanted.ts';

interface Follower {
  readonly place: LogPlace;
  readonly end: (outcome: FollowAnswer | BackendError) => void;
}

/** The invalidation log of one memory backend. */
export class MemoryLog implements LogCapability {
  readonly isLocal = true;
  readonly #clock: Clock;
  readonly #forget: (key: string) => void;
  readonly #registries = new Map<string, MemoryRegistry>();
  readonly #followers = new Set<Follower>();

  /** `forget` deletes the lease and the entry of a key. */
  constructor(clock: Clock, forget: (key: string) => void) {
    this.#clock = clock;
    this.#forget = forget;
  }

  syncNow(request: SyncRequest): SyncAnswer | undefined {
    const registry = this.#registries.get(request.prefix);
    const isEnough = registry !== undefined && registry.inc !== 0 && registry.inc >= request.inc;
    return isEnough && registry.head >= request.head
      ? registry.sync(request, Math.floor(this.#clock.nowMs() * 1000))
      : undefined;
  }

  sync(request: SyncRequest, signal: AbortSignal): Promise<SyncAnswer> {
    return whenWanted(signal, () =>
      this.#change(request.prefix, (registry, nowUs) => registry.sync(request, nowUs)),
    );
  }

  appendGroup(request: AppendRequest, signal: AbortSignal): Promise<AppendAnswer> {
    return whenWanted(signal, () =>
      this.#change(request.prefix, (registry, nowUs) => registry.append('group', request, nowUs)),
    );
  }

  appendKey(request: AppendRequest, signal: AbortSignal): Promise<AppendAnswer> {
    return whenWanted(signal, () => {
      this.#forget(request.subject);
      return this.#change(request.prefix, (registry, nowUs) => registry.append('key', request, nowUs));
    });
  }

  follow(place: LogPlace, waitMs: number, signal: AbortSignal): Promise<FollowAnswer> {
    return whenWanted(signal, () => {
      const found = this.#answer(place);
      return found.records.length > 0 ? found : this.#wait(place, waitMs, signal);
    });
  }

  positions(
    { prefix }: LogPlace,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly floor: number; readonly positions: readonly number[] }> {
    return whenWanted(signal, () => {
      const registry = this.#registries.get(prefix);
      return { floor: registry?.floor ?? 0, positions: ids.map((id) => registry?.position(id) ?? 0) };
    });
  }

  /** Forgets everything; every waiting follower is rejected. */
  clear(): void {
    this.#registries.clear();
    for (const follower of this.#followers)
      follower.end(new BackendError('transient', 'The store is closed.'));
  }

  #change<T>(prefix: string, change: (registry: MemoryRegistry, nowUs: number) => T): T {
    const registry = this.#registries.get(prefix) ?? new MemoryRegistry();
    this.#registries.set(prefix, registry);
    const result = change(registry, Math.floor(this.#clock.nowMs() * 1000));
    this.#wake(prefix);
    return result;
  }

  /** Answers the followers of this registry for which there are new records or another incarnation. */
  #wake(prefix: string): void {
    for (const follower of this.#followers) {
      if (follower.place.prefix !== prefix) continue;
      const found = this.#answer(follower.place);
      const isOther = found.registry !== undefined && found.registry.inc !== follower.place.inc;
      if (found.records.length > 0 || isOther) follower.end(found);
    }
  }

  #answer(place: LogPlace): FollowAnswer {
    const registry = this.#registries.get(place.prefix);
    if (registry === undefined) return { records: [], registry: undefined };
    const records = registry.after(place);
    const { inc, head } = registry;
    return { records, registry: records.length > 0 ? undefined : { inc, head } };
  }

  #wait(place: LogPlace, waitMs: number, signal: AbortSignal): Promise<FollowAnswer> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => follower.end(new BackendError('timeout', 'Following was given up.'));
      const follower: Follower = {
        place,
        end: (outcome) => {
          this.#followers.delete(follower);
          cancelTimer();
          signal.removeEventListener('abort', onAbort);
          if (outcome instanceof BackendError) reject(outcome);
          else resolve(outcome);
        },
      };
      const cancelTimer = Number.isFinite(waitMs)
        ? this.#clock.setTimer(() => follower.end(this.#answer(place)), waitMs)
        : () => undefined;
      this.#followers.add(follower);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
