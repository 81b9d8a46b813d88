// Reads without an AbortSignal, which our own adapters offer for speed. Not part of the port: custom backends have no use
// for them.
import type { Abandonment } from './abandonment.ts';
import type { Backend } from './backend.ts';

/**
 * Like `Backend.get` (null means absent too), but an operation that was given up need not reject: its caller no longer
 * listens, and its place in the bulkhead is free again.
 */
export type QuickGet = (key: string, abandonment: Abandonment) => Promise<Uint8Array | null | undefined>;

const quickGets = new WeakMap<Backend, QuickGet>();

/** For adapters: registers the quick read of `backend`. `get` itself must bound how many given-up reads can pile up. */
export function describeQuickGet(backend: Backend, get: QuickGet): void {
  quickGets.set(backend, get);
}

/** The quick read of a backend; undefined if it implements the plain port only. */
export function quickGetOf(backend: Backend): QuickGet | undefined {
  return quickGets.get(backend);
}
