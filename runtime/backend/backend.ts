// Port: a backend of the second tier. A few operations are required; everything else is an optional capability.
import type { FenceCapability } from './fence-capability.ts';
import type { LogCapability } from './log-capability.ts';

/** A store of the second tier. All operations reject with BackendError; any other error counts as `transient`. */
export interface Backend {
  /** Shown in health and events. */
  readonly name: string;
  /** The stored bytes, or undefined if the key is absent. */
  get(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Stores the value, replacing an older one. It expires after `ttlMs`. */
  set(key: string, value: Uint8Array, ttlMs: number, signal: AbortSignal): Promise<void>;
  delete(key: string, signal: AbortSignal): Promise<void>;
  ping?(signal: AbortSignal): Promise<void>;
  close?(): Promise<void>;
  /** Leases and locks. Without it, a late fill can overwrite an invalidation made by another process. */
  readonly fence?: FenceCapability;
  /** The invalidation log. Without it, an invalidation reaches no other process. */
  readonly log?: LogCapability;
  /** Lets synchronous functions use the backend. May throw BackendError; must not block longer than a local read. */
  readonly sync?: {
    get(key: string): Uint8Array | undefined;
    /** Returns once the value is accepted; it need not be durable yet. */
    set(key: string, value: Uint8Array, ttlMs: number): void;
  };
}
