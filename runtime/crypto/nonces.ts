// Random nonces for one message each.
import { nodeCrypto } from './node-crypto.ts';

export const NONCE_BYTES = 12;

/** Drawing a block costs about as much as drawing one nonce. */
const NONCES_PER_BLOCK = 256;

let block = Buffer.alloc(0);
let at = 0;

/** Of the system's random bytes, each of which is handed out once. A view that nobody writes to again. */
export function nextNonce(): Buffer {
  if (at === block.length) {
    block = nodeCrypto().randomBytes(NONCES_PER_BLOCK * NONCE_BYTES);
    at = 0;
  }
  const start = at;
  at += NONCE_BYTES;
  return block.subarray(start, at);
}
