import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake2b, blake2b256 } from '../../../runtime/interop/blake2b.ts';
import { vectors } from './vectors.ts';

const pattern = (sizeBytes: number): Uint8Array =>
  Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 7 + 3) % 251);

describe('BLAKE2b', () => {
  it('gives the digest of RFC 7693, appendix A', () => {
    expect(blake2b(Buffer.from('abc'), 64).toString('hex')).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1' +
        '7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    );
  });

  it.each(vectors.hashes)('gives the known 32 bytes for $sizeBytes bytes', ({ sizeBytes, digest }) => {
    expect(blake2b256(pattern(sizeBytes)).toString('hex')).toBe(digest);
  });

  it('is what node:crypto computes, with a digest of 64 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
        expect(blake2b(bytes, 64).equals(createHash('blake2b512').update(bytes).digest())).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a view where it lies, and leaves the input as it is', () => {
    const whole = pattern(400);
    const view = whole.subarray(17, 317);
    expect(blake2b256(view).equals(blake2b256(new Uint8Array(view)))).toBe(true);
    expect(whole).toEqual(pattern(400));
  });
});
