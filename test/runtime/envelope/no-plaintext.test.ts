import { beforeAll, expect, it } from 'vitest';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import { writeMessagePack } from '../../../runtime/serializer/message-pack.ts';
import { ada, encodeOrFail, facts, keyText, longAda, personCodec, vectorCipher } from './samples.ts';

beforeAll(loadCodecs);

/** The memory that the writer uses for every value. */
const scratch = (): Buffer => Buffer.from(writeMessagePack((to) => to.nil()).buffer);

it.each([ada, longAda])('leaves nothing of a value in the memory that it was written in', (person) => {
  encodeOrFail(personCodec({ cipher: vectorCipher() }), person);
  expect(scratch().includes('Lovelace')).toBe(false);
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
