// Port: a second tier. Few operations, everything else is an optional capability.
import type { FenceCapability } from './fence-capability.ts';
import type { LogCapability } from './log-capability.ts';

export interface Backend {
  /** Shown in health and events. */
  readonly name: string;
  /** undefined: absent. Throws BackendError; any other error counts as transient. */
  get(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Replaces; gone after ttlMs. */
  set(key: string, value: Uint8Array, ttlMs: number, signal: AbortSignal): Promise<void>;
  delete(key: string, signal: AbortSignal): Promise<void>;
  ping?(signal: AbortSignal): Promise<void>;
  close?(): Promise<void>;
  /** Leases and locks. Without it a late fill may beat an invalidation made by another process. */
  readonly fence?: FenceCapability;
  /** How processes hear of invalidations. Without it they hold within the process only. */
  readonly log?: LogCapability;
  /** Lets synchronous functions use it. May throw BackendError; must not block longer than a local read. */
  readonly sync?: {
    get(key: string): Uint8Array | undefined;
    /** Accepted, not yet durable. */
    set(key: string, value: Uint8Array, ttlMs: number): void;
  };
}
