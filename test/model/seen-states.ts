// Which states were seen, in 20 bytes each: a fingerprint of 64 bits, the state it was reached from, a place in a table.

const FIRST_SIZE = 1 << 12;
/** Of the table: more would make it slow. */
const MOST_FULL = 0.6;

/** Two independent hashes of 32 bits. With 50 million states the chance that any two are mistaken is 1 in 15,000. */
export interface Fingerprint {
  high: number;
  low: number;
}

const mixed = (hash: number): number => {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2_ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
};

/** `into` is filled and given back: nothing is allocated for a state. */
export function fingerprint(bytes: Uint8Array, length: number, into: Fingerprint): Fingerprint {
  let [high, low] = [0x811c_9dc5, 0x9747_b28c];
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0;
    high = Math.imul(high ^ byte, 0x0100_0193);
    low = Math.imul(low ^ (byte + 0x9e37_79b9), 0xcc9e_2d51);
    low = (low << 15) | (low >>> 17);
  }
  into.high = mixed(high ^ length);
  into.low = mixed(low ^ Math.imul(length, 0x27d4_eb2f));
  return into;
}

export class SeenStates {
  /** Index of a state + 1 at the place of its fingerprint; 0: free. */
  #table = new Uint32Array(FIRST_SIZE);
  #highs = new Uint32Array(FIRST_SIZE);
  #lows = new Uint32Array(FIRST_SIZE);
  #parents = new Int32Array(FIRST_SIZE);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** False: it was seen before. */
  add({ high, low }: Fingerprint, parent: number): boolean {
    if (this.#count >= this.#table.length * MOST_FULL) this.#grow();
    const place = this.#placeOf(high, low);
    if (this.#table[place] !== 0) return false;
    if (this.#count === this.#highs.length) this.#lengthen();
    this.#highs[this.#count] = high;
    this.#lows[this.#count] = low;
    this.#parents[this.#count] = parent;
    this.#table[place] = ++this.#count;
    return true;
  }

  isAt(index: number, { high, low }: Fingerprint): boolean {
    return this.#highs[index] === high && this.#lows[index] === low;
  }

  /** From the first state to that one. */
  pathTo(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at >= 0; at = this.#parents[at] ?? -1) path.push(at);
    return path.toReversed();
  }

  #placeOf(high: number, low: number): number {
    const mask = this.#table.length - 1;
    for (let place = low & mask; ; place = (place + 1) & mask) {
      const index = (this.#table[place] ?? 0) - 1;
      if (index < 0 || (this.#highs[index] === high && this.#lows[index] === low)) return place;
    }
  }

  #grow(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    for (let at = 0; at < this.#count; at++)
      this.#table[this.#placeOf(this.#highs[at] ?? 0, this.#lows[at] ?? 0)] = at + 1;
  }

  #lengthen(): void {
    const size = this.#highs.length * 2;
    this.#highs = lengthened(this.#highs, new Uint32Array(size));
    this.#lows = lengthened(this.#lows, new Uint32Array(size));
    this.#parents = lengthened(this.#parents, new Int32Array(size));
  }
}

function lengthened<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
