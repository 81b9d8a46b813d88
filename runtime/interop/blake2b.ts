// BLAKE2b without a key (RFC 7693). node:crypto has only the 64-byte digest, and a shorter digest is not a prefix of
// it.

const BLOCK_BYTES = 128;
const HIGH = 0x1_0000_0000;

/** SIGMA of the RFC: order of the 16 message words in each round. Rounds 10 and 11 repeat the first two. */
const ROUNDS = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
  '0123456789abcdef',
  'ea489fd61c02b753',
];
/** The same as positions in `message`. Filled at the first digest, because most programs never make one. */
const ORDER = new Uint8Array(16 * ROUNDS.length);
let isFilled = false;

function fillOrder(): void {
  ORDER.set(ROUNDS.flatMap((round) => Array.from(round, (digit) => 2 * Number.parseInt(digit, 16))));
  isFilled = true;
}

/** IV of the RFC. Each 64-bit word is stored as low half, high half. */
const START = new Uint32Array([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a, 0xade682d1,
  0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
]);

// Shared by all calls: nothing below calls foreign code or waits.
const state = new Uint32Array(16);
const work = new Uint32Array(32);
const message = new Uint32Array(32);

/** A digest of 32 bytes. */
export function blake2b256(input: Uint8Array): Buffer {
  return blake2b(input, 32);
}

/** `sizeBytes`: length of the digest, a multiple of 4 up to 64. */
export function blake2b(input: Uint8Array, sizeBytes: number): Buffer {
  if (!isFilled) fillOrder();
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  state.set(START);
  state[0] = word(state, 0) ^ 0x0101_0000 ^ sizeBytes;
  let start = 0;
  for (; bytes.length - start > BLOCK_BYTES; start += BLOCK_BYTES) {
    compress(bytes, start, start + BLOCK_BYTES, false);
  }
  const last = Buffer.alloc(BLOCK_BYTES);
  bytes.copy(last, 0, start);
  compress(last, 0, bytes.length, true);
  const digest = Buffer.allocUnsafe(sizeBytes);
  for (let i = 0; i < sizeBytes / 4; i++) digest.writeUInt32LE(word(state, i), 4 * i);
  return digest;
}

/** Positions are always below the constant lengths of the arrays. */
function word(words: Uint32Array | Uint8Array, position: number): number {
  return words[position] as number; // in range
}

/** The function F of the RFC. */
function compress(block: Buffer, start: number, byteCount: number, isLast: boolean): void {
  for (let i = 0; i < 32; i++) message[i] = block.readUInt32LE(start + 4 * i);
  work.set(state);
  work.set(START, 16);
  work[24] = word(work, 24) ^ (byteCount % HIGH);
  work[25] = word(work, 25) ^ Math.floor(byteCount / HIGH);
  if (isLast) {
    work[28] = ~word(work, 28);
    work[29] = ~word(work, 29);
  }
  for (let at = 0; at < ORDER.length; at += 16) {
    mix(0, 8, 16, 24, at);
    mix(2, 10, 18, 26, at + 2);
    mix(4, 12, 20, 28, at + 4);
    mix(6, 14, 22, 30, at + 6);
    mix(0, 10, 20, 30, at + 8);
    mix(2, 12, 22, 24, at + 10);
    mix(4, 14, 16, 26, at + 12);
    mix(6, 8, 18, 28, at + 14);
  }
  for (let i = 0; i < 16; i++) state[i] = word(state, i) ^ word(work, i) ^ word(work, i + 16);
}

/** The function G of the RFC on four words of `work`, with two message words from `ORDER`. */
function mix(a: number, b: number, c: number, d: number, at: number): void {
  firstHalf(a, b, c, d, word(ORDER, at));
  secondHalf(a, b, c, d, word(ORDER, at + 1));
}

// Sums of 32-bit halves are exact as numbers; the part beyond 32 bits is the carry.

/** Rotates d by 32 and b by 24. */
function firstHalf(a: number, b: number, c: number, d: number, x: number): void {
  let sum = word(work, a) + word(work, b) + word(message, x);
  const aHigh = (word(work, a + 1) + word(work, b + 1) + word(message, x + 1) + ((sum / HIGH) | 0)) | 0;
  const aLow = sum | 0;
  const dLow = word(work, d + 1) ^ aHigh;
  const dHigh = word(work, d) ^ aLow;
  sum = word(work, c) + (dLow >>> 0);
  const cHigh = (word(work, c + 1) + dHigh + ((sum / HIGH) | 0)) | 0;
  const cLow = sum | 0;
  const bLow = word(work, b) ^ cLow;
  const bHigh = word(work, b + 1) ^ cHigh;
  work[a] = aLow;
  work[a + 1] = aHigh;
  work[b] = (bLow >>> 24) | (bHigh << 8);
  work[b + 1] = (bHigh >>> 24) | (bLow << 8);
  work[c] = cLow;
  work[c + 1] = cHigh;
  work[d] = dLow;
  work[d + 1] = dHigh;
}

/** Rotates d by 16 and b by 63. */
function secondHalf(a: number, b: number, c: number, d: number, y: number): void {
  let sum = word(work, a) + word(work, b) + word(message, y);
  const aHigh = (word(work, a + 1) + word(work, b + 1) + word(message, y + 1) + ((sum / HIGH) | 0)) | 0;
  const aLow = sum | 0;
  let low = word(work, d) ^ aLow;
  let high = word(work, d + 1) ^ aHigh;
  const dLow = (low >>> 16) | (high << 16);
  const dHigh = (high >>> 16) | (low << 16);
  sum = word(work, c) + (dLow >>> 0);
  const cHigh = (word(work, c + 1) + dHigh + ((sum / HIGH) | 0)) | 0;
  const cLow = sum | 0;
  low = word(work, b) ^ cLow;
  high = word(work, b + 1) ^ cHigh;
  work[a] = aLow;
  work[a + 1] = aHigh;
  work[b] = (low << 1) | (high >>> 31);
  work[b + 1] = (high << 1) | (low >>> 31);
  work[c] = cLow;
  work[c + 1] = cHigh;
  work[d] = dLow;
  work[d + 1] = dHigh;
}
