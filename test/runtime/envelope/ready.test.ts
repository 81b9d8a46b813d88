import { describe, expect, it } from 'vitest';
import { compressBody, inflateBody } from '../../../runtime/envelope/compress.ts';
import { loadCodecs, readyCodecs } from '../../../runtime/envelope/ready.ts';

describe('loadCodecs', () => {
  it('must have resolved before codecs are made', async () => {
    expect(readyCodecs).toThrow('loadCodecs()');
    const loading = loadCodecs();
    expect(loadCodecs()).toBe(loading);
    await loading;
    expect(readyCodecs().lz4).toBeDefined();
  });

  it('brings XXH64 with seed 0', async () => {
    await loadCodecs();
    const { checksum } = readyCodecs();
    expect(checksum(Buffer.alloc(0)).toString(16)).toBe('ef46db3751d8e999');
    expect(checksum(Buffer.from('abc')).toString(16)).toBe('44bc2cf5ad770999');
  });

  it('hashes in pieces what it would hash at once', async () => {
    await loadCodecs();
    const { checksum } = readyCodecs();
    const { default: xxhash } = await import('xxhash-wasm');
    const xxh = await xxhash();
    for (const size of [65_535, 65_536, 65_537, 200_003, 1_000_000]) {
      const bytes = Buffer.alloc(size).map((_, i) => (i * 31) & 0xff);
      expect(checksum(bytes)).toBe(xxh.h64Raw(bytes));
    }
  });
});

describe('compressBody', () => {
  it('is the standard LZ4 block behind its size', async () => {
    await loadCodecs();
    const { lz4 } = readyCodecs();
    const raw = Buffer.alloc(4000, 'cache');
    const packed = compressBody(raw, lz4) ?? Buffer.alloc(0);
    expect(packed.readUInt32LE(0)).toBe(4000);
    expect(unpackBlock(packed.subarray(4)).equals(raw)).toBe(true);
    expect(lz4 !== undefined && inflateBody(packed, 4000, lz4)?.equals(raw)).toBe(true);
  });

  it('leaves bodies below 1 KB and platforms without LZ4 alone', async () => {
    await loadCodecs();
    expect(compressBody(Buffer.alloc(1023), readyCodecs().lz4)).toBeUndefined();
    expect(compressBody(Buffer.alloc(1024), readyCodecs().lz4)).toBeDefined();
    expect(compressBody(Buffer.alloc(4000), undefined)).toBeUndefined();
  });
});

/** An LZ4 block decoder written from the format description. */
function unpackBlock(block: Buffer): Buffer {
  const out: number[] = [];
  let at = 0;
  const byte = (): number => block.readUInt8(at++);
  const extended = (length: number): number => {
    let total = length;
    if (length !== 15) return total;
    for (;;) {
      const more = byte();
      total += more;
      if (more !== 255) return total;
    }
  };
  while (at < block.length) {
    const token = byte();
    for (let left = extended(token >> 4); left > 0; left--) out.push(byte());
    if (at >= block.length) break;
    const offset = byte() + byte() * 256;
    for (let left = extended(token & 15) + 4; left > 0; left--) out.push(out[out.length - offset] ?? NaN);
  }
  return Buffer.from(out);
}
