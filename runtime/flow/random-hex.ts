// Unique names made of random bytes.
import { nodeCrypto } from '../crypto/node-crypto.ts';

/** That many random bytes, as two hex digits each. */
export function randomHex(bytes: number): string {
  return nodeCrypto().randomBytes(bytes).toString('hex');
}
