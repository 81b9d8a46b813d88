// Recognises master keys that are not 32 random bytes. The chance that a random key is refused is below 10^-13.

/** Keys that are published in documents and test vectors of this repository. */
const PUBLISHED_KEYS = new Set([
  // fixtures/vectors/frame-v1.json; the rules below refuse samples that do not look random
  'ef92d6d4dae4c130fb5dc1a56054a81841f569f9dd3509e2fbc2d9fd2c32a4b5',
]);

/** Why the key is weak, as a phrase to follow "it is"; undefined: no weakness was found. */
export function weaknessOf(key: Uint8Array): string | undefined {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  if (PUBLISHED_KEYS.has(bytes.toString('hex'))) return 'published in the documentation';
  if (isSequence(bytes)) return 'a sequence';
  if (bytes.subarray(0, 16).equals(bytes.subarray(16))) return 'one half twice';
  if (bytes.every(isTextByte)) return 'text, not random bytes';
  if (new Set(bytes).size < 16) return 'made of few different bytes';
  return undefined;
}

/** Printable ASCII, tab, line feed and carriage return. */
function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function isSequence(bytes: Buffer): boolean {
  const step = (bytes.readUInt8(1) - bytes.readUInt8(0)) & 0xff;
  return bytes.every((byte, i) => i === 0 || ((byte - bytes.readUInt8(i - 1)) & 0xff) === step);
}
