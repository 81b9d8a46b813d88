import { beforeAll, expect, it } from 'vitest';
import { compressBody, inflateBody } from '../../../runtime/envelope/compress.ts';
import { loadCodecs, readyCodecs, type Lz4 } from '../../../runtime/envelope/ready.ts';
import { fastestMs } from '../serializer/wires.ts';

beforeAll(loadCodecs);

const lz4 = (): Lz4 => readyCodecs().lz4!; // it has a build for every platform that tests run on

it('six bytes that claim 4 GiB are refused in less than a millisecond, and nothing is allocated', () => {
  const claim = Buffer.from('ffffffff1000', 'hex');
  let asked = 0;
  const watched: Lz4 = { ...lz4(), uncompressSync: (data) => (asked++, lz4().uncompressSync(data)) };
  const before = process.memoryUsage().arrayBuffers;
  for (const rawSizeBytes of [2 ** 32 - 1, 2 ** 31, 511, 0])
    expect(inflateBody(claim, rawSizeBytes, watched)).toBeUndefined();
  expect(asked).toBe(0);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  expect(fastestMs(() => inflateBody(claim, 2 ** 32 - 1, watched))).toBeLessThan(1);
});

it('what was compressed inflates to the same bytes, and to no other number of them', () => {
  const raw = Buffer.from('a value that comes again and again; '.repeat(100));
  const packed = compressBody(raw, lz4());
  expect(packed?.length).toBeLessThan(raw.length);
  expect(packed && inflateBody(packed, raw.length, lz4())).toEqual(raw);
  for (const other of [raw.length - 1, raw.length + 1]) {
    const lie = Buffer.from(packed ?? []);
    lie.writeUInt32LE(other);
    expect(inflateBody(lie, other, lz4())).toBeUndefined();
  }
});
