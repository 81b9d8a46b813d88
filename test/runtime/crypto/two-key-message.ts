// Builds one AES-256-GCM message that opens under two keys: GCM does not commit to its key, so two blocks of ciphertext
// are enough unknowns to make both tags equal.
import { createCipheriv } from 'node:crypto';

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const toBlock = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(32, '0'), 'hex');

/** Product in GF(2^128) with the bit order of GCM. */
function multiply(x: bigint, y: bigint): bigint {
  let product = 0n;
  let v = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= v;
    v = v & 1n ? (v >> 1n) ^ (0xe1n << 120n) : v >> 1n;
  }
  return product;
}

function invert(x: bigint): bigint {
  let result = 1n << 127n;
  let base = x;
  for (let exponent = (1n << 128n) - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = multiply(result, base);
    base = multiply(base, base);
  }
  return result;
}

function encryptBlock(key: Uint8Array, block: Uint8Array): bigint {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return toNumber(cipher.update(block));
}

export function twoKeyMessage(
  keys: readonly Uint8Array[],
  nonce: Uint8Array,
  aad: Buffer,
): { body: Buffer; tag: Buffer } {
  const c1 = toNumber(Buffer.alloc(16, 0x5a));
  const lengths = (BigInt(aad.length * 8) << 64n) | 256n;
  const parts = keys.map((key) => {
    const h = encryptBlock(key, Buffer.alloc(16));
    const mask = encryptBlock(key, Buffer.concat([nonce, Buffer.from([0, 0, 0, 1])]));
    let state = 0n;
    for (let at = 0; at < aad.length; at += 16) {
      const block = Buffer.concat([aad.subarray(at, at + 16), Buffer.alloc(16)]).subarray(0, 16);
      state = multiply(state ^ toNumber(block), h);
    }
    const square = multiply(h, h);
    const fixed = multiply(state ^ c1, multiply(square, h)) ^ multiply(lengths, h) ^ mask;
    return { square, fixed };
  });
  const [a, b] = parts;
  if (a === undefined || b === undefined) throw new Error('needs two keys');
  // tag = fixed ^ c2·h², the same for both
  const c2 = multiply(a.fixed ^ b.fixed, invert(a.square ^ b.square));
  return { body: Buffer.concat([toBlock(c1), toBlock(c2)]), tag: toBlock(a.fixed ^ multiply(c2, a.square)) };
}
