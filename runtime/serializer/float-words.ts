// A float 64 as two words of 32 bits. Through shared memory: a DataView for each buffer would cost more than the number.

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const HIGH = LITTLE_ENDIAN ? 1 : 0;
const LOW = 1 - HIGH;

/** Sets what the next two functions give. */
export function splitFloat(value: number): void {
  float[0] = value;
}

export function highWord(): number {
  return words[HIGH] as number; // it has two
}

export function lowWord(): number {
  return words[LOW] as number; // as above
}

export function joinFloat(high: number, low: number): number {
  words[HIGH] = high;
  words[LOW] = low;
  return float[0] as number; // it has one
}
