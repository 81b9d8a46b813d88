// Random wire values for the format tests, and MessagePack that nobody should accept.
import fc from 'fast-check';
import type { Wire } from '../../../runtime/contract/wire.ts';
import type { WireFormat } from '../../../runtime/serializer/serializer.ts';

export const anyWire: fc.Arbitrary<Wire> = fc.letrec<{ wire: Wire }>((tie) => ({
  wire: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.double().map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.integer(),
    fc.maxSafeInteger().map((value) => value + 0),
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('wire'), { maxLength: 20 }),
  ),
})).wire;

/** Bytes of their own. */
export const writeWire = (format: WireFormat, wire: Wire): Buffer =>
  Buffer.from(format.write((to) => to.wire(wire)));

export const readWire = (format: WireFormat, bytes: Buffer): Wire =>
  format.read(bytes, (from) => from.wire()).value;

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const repeat = (head: string, count: number, tail: string): Buffer =>
  Buffer.concat([...Array<Buffer>(count).fill(hex(head)), hex(tail)]);
const manyEmptyArrays = (count: number): Buffer => {
  const bytes = Buffer.alloc(5 + count, 0x90);
  bytes[0] = 0xdd;
  bytes.writeUInt32BE(count, 1);
  return bytes;
};

/** Name and bytes; none of them is what the writer makes. */
export const malformedMessagePack: readonly (readonly [string, Buffer])[] = [
  ['empty', hex('')],
  ['reserved byte', hex('c1')],
  ['trailing byte', hex('01 01')],
  ['truncated string', hex('a5 61')],
  ['truncated float', hex('cb 00 00')],
  ['truncated integer', hex('cd 01')],
  ['truncated array', hex('92 01')],
  ['array32 of 4 Gi', hex('dd ffffffff')],
  ['str32 of 4 Gi', hex('db ffffffff')],
  ['bin32 of 4 Gi', hex('c6 ffffffff')],
  ['map32 of 4 Gi', hex('df ffffffff')],
  ['ext32 of 4 Gi', hex('c9 ffffffff 01')],
  ['empty map', hex('80')],
  ['map with __proto__', hex('81 a9 5f5f70726f746f5f5f 81 a7 697341646d696e c3')],
  ['undefined extension', hex('d4 00 00')],
  ['record definition', hex('92 d4 72 40 92 a1 61 a1 62 01 02')],
  ['reference cycle', hex('d6 69 00000001 91 d6 70 00000001')],
  ['regular expression', hex('92 d4 78 00 92 a6 28 61 2b 29 2b 24 a0')],
  ['timestamp extension', hex('d6 ff 00000001')],
  ['float32', hex('ca 3f800000')],
  ['uint64', hex('cf 0000000000000001')],
  ['int64', hex('d3 0000000000000001')],
  ['negative zero', hex('cb 8000000000000000')],
  ['bad UTF-8', hex('a2 ff fe')],
  ['lone surrogate', hex('a3 ed a0 80')],
  ['513 arrays deep', repeat('91', 513, 'c0')],
  ['100,000 arrays deep', repeat('91', 100_000, 'c0')],
  ['4 million empty arrays', manyEmptyArrays(4_000_000)],
];

/** CPU time in ms, best of three: other work on the machine must not count. Errors are the caller's to expect. */
export function fastestMs(run: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const started = process.cpuUsage();
    try {
      run();
    } catch {
      // the time until the refusal is what counts
    }
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
