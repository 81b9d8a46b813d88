import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DecodeResult, EntryCodec } from '../../../runtime/entry/entry.ts';
import { inflateBody } from '../../../runtime/envelope/compress.ts';
import { loadCodecs, readyCodecs } from '../../../runtime/envelope/ready.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { fastestMs, malformedMessagePack } from '../serializer/wires.ts';
import { forgePlain, lz4Bomb, rehash } from './forge.ts';
import {
  ada,
  encodeOrFail,
  keyText,
  longAda,
  nowMs,
  personCodec,
  said,
  facts,
  times,
  vectorCipher,
} from './samples.ts';

beforeAll(loadCodecs);

const cells = ['std', 'auto', 'json'].flatMap((serializer) =>
  [false, true].flatMap((encrypted) =>
    [ada, longAda].map((value) => {
      const name = `${serializer}, ${encrypted ? 'encrypted' : 'plain'}, ${value === ada ? 'raw' : 'compressed'}`;
      const cipher = encrypted ? vectorCipher() : undefined;
      return { name, value, make: (): EntryCodec => personCodec({ serializer, cipher }) };
    }),
  ),
);
const decode = (codec: EntryCodec, bytes: Uint8Array): DecodeResult => codec.decode(keyText, bytes, nowMs);
/** Names of the mutations that were taken for an entry. */
function* mutations(entry: Buffer, other: Buffer): Generator<readonly [string, Buffer]> {
  for (let bit = 0; bit < entry.length * 8; bit++) {
    const copy = Buffer.from(entry);
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield [`bit ${bit}`, copy];
  }
  for (let length = 0; length < entry.length; length++) yield [`cut to ${length}`, entry.subarray(0, length)];
  yield ['byte appended', Buffer.concat([entry, Buffer.alloc(1)])];
  yield ['twice', Buffer.concat([entry, entry])];
  for (let at = 1; at < entry.length; at++) {
    const splice = Buffer.concat([entry.subarray(0, at), other.subarray(at)]);
    if (!splice.equals(entry) && !splice.equals(other)) yield [`spliced at ${at}`, splice];
  }
}

describe.each(cells)('an entry ($name)', ({ value, make }) => {
  it('is refused after any change of a bit, any cut and any splice with another entry of its key', () => {
    const codec = make();
    const entry = encodeOrFail(codec, value);
    const other = encodeOrFail(codec, { ...value, id: 8 }, keyText, {
      ...times,
      softExpiryMs: times.softExpiryMs + 9,
    });
    const accepted: string[] = [];
    for (const [name, bytes] of mutations(entry, other)) if (decode(codec, bytes).ok) accepted.push(name);
    expect(accepted).toEqual([]);
    expect(said(decode(codec, entry))).toEqual({ ok: true, value, facts });
  });

  it('is refused or exact after several changes at once', () => {
    const codec = make();
    const entry = encodeOrFail(codec, value);
    const change = fc.tuple(fc.nat(entry.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = Buffer.from(entry);
        for (const [at, byte] of changes) bytes[at] = byte;
        const result = decode(codec, bytes);
        expect(!result.ok || isDeepStrictEqual(result.value, value)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('bytes that nobody wrote', () => {
  it('are never a value, whatever they are', () => {
    const codecs = [personCodec(), personCodec({ cipher: vectorCipher() })];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(codecs.some((codec) => decode(codec, bytes).ok)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('with a right header and checksum are refused or a value of the type', () => {
    const codec = personCodec();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.boolean(),
        fc.boolean(),
        (body, compressed, tagged) => {
          const result = decode(codec, forgePlain(body, { compressed, tagged, rawSize: 300 }));
          expect(result.ok).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each(malformedMessagePack)('as a body are refused at once: %s', (_name, body) => {
    const codec = personCodec({ value: undefined, maxSizeBytes: 16 * 2 ** 20 });
    const entry = forgePlain(body, { tagged: true });
    expect(decode(codec, entry)).toEqual({ ok: false, reason: 'decode' });
    expect(fastestMs(() => decode(codec, entry))).toBeLessThan(50);
  });

  it('of 16 MB are refused at once', () => {
    const codec = personCodec({ maxSizeBytes: 16 * 2 ** 20 });
    const sealing = personCodec({ maxSizeBytes: 16 * 2 ** 20, cipher: vectorCipher() });
    const noise = randomBytes(16 * 2 ** 20);
    const entry = forgePlain(noise);
    for (const bytes of [noise, entry, forgePlain(noise, { compressed: true })]) {
      expect(decode(codec, bytes).ok).toBe(false);
      expect(fastestMs(() => decode(codec, bytes))).toBeLessThan(50);
      expect(fastestMs(() => decode(sealing, bytes))).toBeLessThan(50);
    }
  });
});

describe('a compressed body', () => {
  const codec = (): EntryCodec => personCodec({ maxSizeBytes: 2 ** 20 });

  it('inflates to what it says', () => {
    const { lz4 } = readyCodecs();
    expect(lz4 !== undefined && inflateBody(lz4Bomb(65_536), 65_536, lz4)).toEqual(Buffer.alloc(65_536));
    // sound, but 64 KB of zeros are no person
    const entry = forgePlain(lz4Bomb(65_536), { compressed: true, rawSize: 65_536 });
    expect(decode(codec(), entry)).toEqual({ ok: false, reason: 'decode' });
  });

  it.each([0, 1, 4, 1000, 65_535, 65_537, 2 ** 20])(
    'is refused when it claims %d bytes and has 65,536',
    (claimed) => {
      const entry = forgePlain(lz4Bomb(65_536, claimed), { compressed: true, rawSize: claimed });
      expect(decode(codec(), entry)).toEqual({ ok: false, reason: 'decode' });
    },
  );

  it.each([2 ** 20 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])(
    'is not inflated when it claims %d bytes',
    (claimed) => {
      const entry = forgePlain(lz4Bomb(65_536, claimed), { compressed: true, rawSize: claimed });
      expect(decode(codec(), entry)).toEqual({ ok: false, reason: 'too-large' });
      expect(fastestMs(() => decode(codec(), entry))).toBeLessThan(10);
    },
  );

  it('is not inflated when its size in front is not that of the header', () => {
    const entry = forgePlain(lz4Bomb(65_536, 2 ** 32 - 1), { compressed: true, rawSize: 65_536 });
    expect(decode(codec(), entry)).toEqual({ ok: false, reason: 'decode' });
    expect(fastestMs(() => decode(codec(), entry))).toBeLessThan(10);
  });
});

describe('header fields', () => {
  it('of any value lead to a reason, never to an exception or another value', () => {
    const codec = personCodec();
    const entry = encodeOrFail(codec, ada);
    fc.assert(
      fc.property(fc.nat(94), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
        const copy = Buffer.from(entry);
        copy.set(bytes.subarray(0, 96 - at), at);
        const result = decode(codec, rehash(copy));
        expect(!result.ok || isDeepStrictEqual(result.value, ada)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('do not reach the prototype', () => {
    const body = Buffer.from('9301a95f5f70726f746f5f5f93a161c3c0', 'hex');
    decode(personCodec({ value: undefined }), forgePlain(body, { tagged: true }));
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});
