import { beforeAll, expect, it, vi } from 'vitest';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import { writeMessagePack } from '../../../runtime/serializer/message-pack.ts';
import { ada, encodeOrFail, facts, keyText, longAda, nowMs, personCodec, vectorCipher } from './samples.ts';

beforeAll(loadCodecs);

/** The memory that the writer uses for every value. */
const scratch = (): Buffer => Buffer.from(writeMessagePack((to) => to.nil()).buffer);

it.each([ada, longAda])('leaves nothing of a value in the memory that it was written in', (person) => {
  encodeOrFail(personCodec({ cipher: vectorCipher() }), person);
  expect(scratch().includes('Lovelace')).toBe(false);
});

const tag = `t:${Buffer.alloc(12, 7).toString('base64url')}`;

/** Everything that Node hands out memory from while `run` runs: what it was given, and what it is left with. */
function memoryOf(run: () => void): Buffer {
  const made: Buffer[] = [];
  const spies = (['allocUnsafe', 'allocUnsafeSlow', 'concat'] as const).map((name) => {
    const original = Buffer[name] as (...args: never[]) => Buffer<ArrayBuffer>;
    return vi.spyOn(Buffer, name).mockImplementation((...args: unknown[]) => {
      const buffer = original(...(args as never[])); // as it was called
      made.push(buffer);
      return buffer;
    });
  });
  run();
  for (const spy of spies) spy.mockRestore();
  return Buffer.concat(made);
}

it('leaves nothing of a tagged value, nor of one that outgrew the memory it was written in', () => {
  const codec = personCodec({ cipher: vectorCipher(), compress: false });
  const memory = memoryOf(() => {
    expect(codec.encode(keyText, ada, { ...facts, tags: [tag] })).toMatchObject({ ok: true });
    expect(codec.encode(keyText, { ...ada, name: 'Lovelace'.repeat(40_000) }, facts).ok).toBe(true);
  });
  expect(memory.length).toBeGreaterThan(320_000);
  expect(memory.includes('Lovelace')).toBe(false);
});

it.each([false, true])('leaves nothing of what was decrypted and read, compressed: %s', (compress) => {
  const opened: Buffer[] = [];
  const cipher = vectorCipher();
  const codec = personCodec({
    compress,
    cipher: {
      ...cipher,
      open(...args) {
        const plain = cipher.open(...args);
        if (typeof plain !== 'string') opened.push(plain);
        return plain;
      },
    },
  });
  const result = codec.decode(keyText, encodeOrFail(codec, longAda), nowMs);
  expect(result).toMatchObject({ ok: true, value: longAda });
  expect(opened).toHaveLength(1);
  expect(opened.every((plain) => plain.every((byte) => byte === 0))).toBe(true);
});

it('leaves nothing of a value that was not stored after all', () => {
  const codec = personCodec({ cipher: vectorCipher(), maxSizeBytes: 10 });
  expect(codec.encode(keyText, ada, facts)).toEqual({ ok: false, reason: 'too-large' });
  expect(scratch().includes('Lovelace')).toBe(false);
  const write = (): Buffer =>
    writeMessagePack((to) => {
      to.str('Lovelace');
      to.wire(-0);
    });
  expect(write).toThrow('Malformed');
  expect(scratch().includes('Lovelace')).toBe(false);
});
