// Arguments of commands as Redis takes them.
import { BackendError } from '../../backend/backend-error.ts';

/** Redis expects whole milliseconds and at least one. @throws BackendError */
export function wholeMs(ttlMs: number): number {
  if (!(ttlMs > 0) || !Number.isFinite(ttlMs))
    throw new BackendError('permanent', 'An entry needs a finite ttl above 0.');
  return Math.max(1, Math.round(ttlMs));
}

/** Pooled slices of other buffers are sent as they are; nothing is copied. */
export function asBuffer(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** Leases, locks and record ids are hex digits here and bytes there. @throws BackendError */
export function bytesOfHex(text: string): Buffer {
  if (!/^([0-9a-f]{2})+$/.test(text))
    throw new BackendError('permanent', 'A lease or a lock is named by hex digits.');
  return Buffer.from(text, 'hex');
}
