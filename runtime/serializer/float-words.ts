// Converts a 64-bit float to two 32-bit words and back, through one shared array: making a DataView per buffer would
// take longer than the conversion.

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const HIGH = LITTLE_ENDIAN ? 1 : 0;
const LOW = 1 - HIGH;

/** Sets the number whose words `highWord` and `lowWord` return. */
export function splitFloat(value: number): void {
  float[0] = value;
}

/** Upper half of the number. */
export function highWord(): number {
  return words[HIGH] as number; // the array has two elements
}

/** Lower half of the number. */
export function lowWord(): number {
  return words[LOW] as number; // the array has two elements
}

/** The number with these halves. */
export function joinFloat(high: number, low: number): number {
  words[HIGH] = high;
  words[LOW] = low;
  return float[0] as number; // the array has one element
}
