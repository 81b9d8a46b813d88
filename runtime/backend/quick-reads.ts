// What our own backends can do besides the port: read without an AbortSignal. Kept beside the port, as an own backend
// has no use for it.
import type { Abandonment } from './abandonment.ts';
import type { Backend } from './backend.ts';

/**
 * As `Backend.get` (null: absent), but an operation that was given up need not reject: whoever gave it up no longer
 * listens, and has taken its place in the bulkhead back.
 */
export type QuickGet = (key: string, abandonment: Abandonment) => Promise<Uint8Array | null | undefined>;

const quickGets = new WeakMap<Backend, QuickGet>();

/** For adapters: `get` bounds by itself what operations that were given up can pile up. */
export function describeQuickGet(backend: Backend, get: QuickGet): void {
  quickGets.set(backend, get);
}

/** undefined: the port is all there is. */
export function quickGetOf(backend: Backend): QuickGet | undefined {
  return quickGets.get(backend);
}
