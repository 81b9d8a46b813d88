// Converts values to arguments of Redis commands.
import { BackendError } from '../../backend/backend-error.ts';

/** Redis takes whole milliseconds, at least one. @throws BackendError unless the ttl is finite and above 0 */
export function wholeMs(ttlMs: number): number {
  if (!(ttlMs > 0) || !Number.isFinite(ttlMs))
    throw new BackendError('permanent', 'An entry needs a finite ttl above 0.');
  return Math.max(1, Math.round(ttlMs));
}

/** A Buffer over the same memory, also of a slice of a pool: nothing is copied. */
export function asBuffer(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** Leases and lock tokens are hex digits in this process and bytes in Redis. @throws BackendError for other text */
export function bytesOfHex(text: string): Buffer {
  if (!/^([0-9a-f]{2})+$/.test(text))
    throw new BackendError('permanent', 'A lease or a lock is named by hex digits.');
  return Buffer.from(text, 'hex');
}
