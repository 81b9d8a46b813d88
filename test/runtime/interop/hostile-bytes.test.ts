import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheKitError } from '../../../runtime/errors/cachekit-error.ts';
import { decodeInterop, encodeInterop } from '../../../runtime/interop/index.ts';
import { modelValue } from './interop-values.ts';
import { unhex, vectors } from './vectors.ts';

const refusal = expect.objectContaining({ code: 'ERR_CACHEKIT_INTEROP' });

/** Reads, or refuses in the one way; anything else thrown fails the test. */
function read(bytes: Uint8Array): 'read' | 'refused' {
  try {
    decodeInterop(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof CacheKitError && error.code === 'ERR_CACHEKIT_INTEROP') return 'refused';
    throw error;
  }
}

describe('decodeInterop with bytes nobody should have written', () => {
  it.each(vectors.refused)('refuses $name', ({ bytes }) => {
    expect(() => decodeInterop(unhex(bytes))).toThrow(refusal);
  });

  it('refuses what is no Uint8Array', () => {
    for (const wrong of [undefined, null, 'c0', [0xc0], new ArrayBuffer(1), new Uint16Array(1)]) {
      expect(() => decodeInterop(wrong as unknown as Uint8Array)).toThrow(refusal);
    }
  });

  it('refuses in one way only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['read', 'refused']).toContain(read(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('never reads an entry that was cut or has something behind it', () => {
    fc.assert(
      fc.property(modelValue, fc.nat(), (value, at) => {
        const bytes = encodeInterop(value);
        expect(read(bytes.subarray(0, at % bytes.length))).toBe('refused');
        expect(read(Buffer.concat([bytes, Buffer.from([at & 0xff])]))).toBe('refused');
      }),
      { numRuns: 1000 },
    );
  });

  it('reads or refuses an entry with a changed byte, in one way only', () => {
    fc.assert(
      fc.property(modelValue, fc.nat(), fc.nat({ max: 255 }), (value, at, byte) => {
        const bytes = encodeInterop(value);
        bytes[at % bytes.length] = byte;
        expect(['read', 'refused']).toContain(read(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it('says that an entry of the Python library is one, and shows none of its bytes', () => {
    const entry = Buffer.concat([unhex('434b0300000002'), Buffer.from('{}canary')]);
    expect(() => decodeInterop(entry)).toThrow(/Python library/);
    expect(() => decodeInterop(entry)).not.toThrow(/canary/);
    expect(() => decodeInterop(Buffer.from([0xa7, ...Buffer.from('canary'), 0xff]))).not.toThrow(/canary/);
  });

  it('refuses 101 levels and takes 100', () => {
    const levels = (count: number): Buffer => Buffer.concat([Buffer.alloc(count, 0x91), Buffer.from([0xc0])]);
    expect(read(levels(100))).toBe('read');
    expect(read(levels(101))).toBe('refused');
    expect(read(levels(1_000_000))).toBe('refused');
    expect(read(Buffer.concat([Buffer.from('81a161'.repeat(101), 'hex'), Buffer.from([0xc0])]))).toBe(
      'refused',
    );
  });

  it.each([
    ['announced elements on every level', Buffer.from('dc2710'.repeat(2048), 'hex')],
    ['many announced elements on every level', Buffer.from('dd0000157c'.repeat(1100), 'hex')],
    ['5,000,000 values', Buffer.concat([unhex('dd004c4b40'), Buffer.alloc(5_000_000, 0xc0)])],
    ['2,500,000 entries', Buffer.concat([unhex('df002625a0'), Buffer.alloc(5_000_000, 0x01)])],
  ])('gives up early: %s', (_name, bytes) => {
    const before = process.memoryUsage().heapUsed;
    expect(read(bytes)).toBe('refused');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('refuses more than 100 MiB without a look at them', () => {
    expect(() => decodeInterop(Buffer.alloc(100 * 1024 * 1024 + 1))).toThrow(refusal);
  });
});
