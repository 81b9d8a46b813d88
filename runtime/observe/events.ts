// All events and their payloads, which never contain an argument, a value or a key.
import type { BackendErrorKind } from '../backend/backend-error.ts';
import type { DiscardReason } from '../entry/entry.ts';

interface SiteEvent {
  readonly site: string;
  readonly namespace: string;
  /** Result of `configure({ correlationId })` at this moment, if it is set. */
  readonly correlationId?: string;
}

/** Why a call was not a plain hit. */
export type CallReason =
  | 'disabled'
  | 'closed'
  | 'scope'
  | 'when'
  | 'unkeyable'
  | 'no-key'
  | 'absent'
  | 'expired'
  | 'discarded'
  | 'timeout'
  | 'open'
  | 'rejected'
  | 'backend'
  | 'swr'
  | 'error'
  | 'slow';

/** Payload of each public channel. */
export interface CacheEvents {
  'cachekit:call': SiteEvent & {
    readonly status: 'hit' | 'stale' | 'miss' | 'bypass';
    readonly tier: 'memory' | 'backend' | 'origin';
    readonly reason?: CallReason;
    readonly durationMs: number;
  };
  'cachekit:run': SiteEvent & {
    readonly cause: 'miss' | 'refresh' | 'bypass';
    readonly ok: boolean;
    readonly durationMs: number;
  };
  'cachekit:backend': {
    readonly backend: string;
    readonly operation: 'get' | 'set' | 'delete' | 'lock' | 'fence' | 'bus' | 'ping';
    readonly outcome: 'ok' | 'open' | 'rejected' | BackendErrorKind;
    readonly durationMs: number;
    readonly bytes?: number;
  };
  'cachekit:discard': SiteEvent & { readonly reason: DiscardReason };
  'cachekit:invalidate': {
    readonly scope: 'call' | 'function' | 'tag' | 'namespace';
    readonly origin: 'local' | 'remote';
    readonly complete: boolean;
  };
  'cachekit:state': {
    readonly subject: 'breaker' | 'backend' | 'bus' | 'store';
    readonly backend: string;
    readonly state: string;
  };
  /** Secure functions only. `keyId`: public name of the master key, 16 hex digits. */
  'cachekit:audit': SiteEvent & {
    readonly action: 'read' | 'write' | 'invalidate' | 'reject';
    readonly keyId: string;
  };
  'cachekit:notice': { readonly code: string; readonly message: string };
}

/** Payload of channels for our own adapters and log lines. */
export interface InternalEvents {
  /** As `cachekit:call`, but without memory hits, which listening to this channel does therefore not slow down. */
  'cachekit:left-memory': CacheEvents['cachekit:call'] & { readonly serializer: string };
}
