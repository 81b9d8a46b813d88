// Random nonces, each for one message.
import { nodeCrypto } from './node-crypto.ts';

/** Length of a nonce of AES-GCM. */
export const NONCE_BYTES = 12;

/** Drawing this many at once takes about as long as drawing one. */
const NONCES_PER_BLOCK = 256;

let block = Buffer.alloc(0);
let at = 0;

/** A nonce from the system's random bytes, none of which is given out twice. The view is never written to again. */
export function nextNonce(): Buffer {
  if (at === block.length) {
    block = nodeCrypto().randomBytes(NONCES_PER_BLOCK * NONCE_BYTES);
    at = 0;
  }
  const start = at;
  at += NONCE_BYTES;
  return block.subarray(start, at);
}
