import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ValueOps } from '../../../runtime/contract/value-kit.ts';
import { createCipher } from '../../../runtime/crypto/aes-gcm.ts';
import { KeyRing } from '../../../runtime/crypto/key-ring.ts';
import { ephemeralKey } from '../../../runtime/crypto/master-key.ts';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { rehash } from './forge.ts';
import {
  ada,
  encodeOrFail,
  keyText,
  longAda,
  nowMs,
  personCodec,
  personOps,
  said,
  facts,
  times,
  vectorCipher,
} from './samples.ts';

beforeAll(loadCodecs);

const serializers = ['std', 'auto', 'json'];
const modes = [
  ['plain', {}],
  ['encrypted', { cipher: vectorCipher() }],
] as const;
const cells = serializers.flatMap((serializer) =>
  modes.map(([mode, options]) => [serializer, mode, options] as const),
);
const values: readonly unknown[] = [
  ada,
  longAda,
  { ...ada, id: -0 },
  { ...ada, id: NaN },
  { ...ada, name: '\ud800 lone' },
  { ...ada, name: `\uFEFF${'x'.repeat(100)}` },
  { ...ada, photo: new Uint8Array(randomBytes(5000)) },
  { ...ada, extra: new Map([[new Date(5), new Set([1n, undefined])]]) },
];

describe.each(cells)('%s, %s', (serializer, _mode, options) => {
  it('gives back exactly what was stored, with its times', () => {
    const codec = personCodec({ serializer, ...options });
    for (const value of values) {
      const result = codec.decode(keyText, encodeOrFail(codec, value), nowMs);
      expect(isDeepStrictEqual(said(result), { ok: true, value, facts })).toBe(true);
    }
  });

  it('gives back any value of an untransformed function', () => {
    const codec = personCodec({ serializer, value: undefined, ...options });
    fc.assert(
      fc.property(
        fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true }),
        (value) => {
          const stored = codec.encode(keyText, value, facts);
          const back = stored.ok && said(codec.decode(keyText, stored.bytes, nowMs));
          expect(!stored.ok || isDeepStrictEqual(back, { ok: true, value, facts })).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('compresses long bodies only when asked', () => {
    const small = encodeOrFail(personCodec({ serializer, ...options }), longAda);
    const large = encodeOrFail(personCodec({ serializer, compress: false, ...options }), longAda);
    expect(small.length).toBeLessThan(large.length / 4);
    expect(large.length).toBeGreaterThan(longAda.name.length);
  });

  it('leaves a body alone that compression makes no smaller', () => {
    const codec = personCodec({ serializer: 'std', ...options });
    const stored = encodeOrFail(codec, { ...ada, photo: new Uint8Array(randomBytes(3000)) });
    expect(stored.length).toBeGreaterThan(3000);
    expect(stored.readUInt8(5) & 1).toBe(0);
  });
});

describe('encode', () => {
  it.each([
    ['a function', { ...ada, extra: () => 1 }],
    ['another type', { ...ada, id: '7' }],
    ['a class instance', new (class Person {})()],
    ['nothing', undefined],
  ])('does not store %s', (_name, value) => {
    expect(personCodec().encode(keyText, value, facts)).toEqual({ ok: false, reason: 'unstorable' });
  });

  it('does not store, and does not throw, where looking at the value throws', () => {
    const hostile = Object.defineProperty({ ...ada }, 'id', {
      enumerable: true,
      get: () => {
        throw new Error('canary');
      },
    });
    expect(personCodec().encode(keyText, hostile, facts)).toEqual({ ok: false, reason: 'unstorable' });
  });

  it('does not store what is nested too deep to be read', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    const codec = personCodec({ value: undefined });
    expect(codec.encode(keyText, deep, facts)).toEqual({ ok: false, reason: 'unstorable' });
  });

  it('holds the size limit on the serialised value, whatever compression makes of it', () => {
    const value = { ...ada, photo: new Uint8Array(10_000) };
    expect(personCodec({ maxSizeBytes: 9000 }).encode(keyText, value, facts)).toEqual({
      ok: false,
      reason: 'too-large',
    });
    expect(personCodec({ maxSizeBytes: 10_100 }).encode(keyText, value, facts).ok).toBe(true);
  });

  it('refuses more values than a reader accepts', () => {
    const write: ValueOps['write'] = (to) => to.wire(Array<number>(1_000_000).fill(0));
    const codec = personCodec({ value: { ...personOps, write } });
    expect(codec.encode(keyText, ada, facts)).toEqual({ ok: false, reason: 'too-large' });
  });

  it.each([
    { ...times, storedAtMs: NaN },
    { ...times, storedAtMs: -1 },
    { ...times, hardExpiryMs: Infinity },
    { ...times, hardExpiryMs: times.softExpiryMs - 1 },
    { ...times, softExpiryMs: times.storedAtMs - 1 },
  ])('does not store under impossible times', (impossible) => {
    expect(personCodec().encode(keyText, ada, { ...facts, times: impossible })).toEqual({
      ok: false,
      reason: 'unstorable',
    });
  });

  it('drops fractions of a millisecond', () => {
    const codec = personCodec();
    const stored = encodeOrFail(codec, ada, keyText, { ...times, softExpiryMs: times.softExpiryMs + 0.7 });
    expect(codec.decode(keyText, stored, nowMs)).toMatchObject({ ok: true, facts: { times } });
  });

  it('stores no key, name or value of a secure function in the clear', () => {
    const codec = personCodec({ cipher: vectorCipher(), serializer: 'json', compress: false });
    const stored = encodeOrFail(codec, { ...ada, name: 'canary-value' }, '("canary-argument")');
    const name = codec.storedKey('("canary-argument")');
    for (const text of ['canary', 'shop', 'getPerson', 'default']) {
      expect(stored.includes(text)).toBe(false);
      expect(name.includes(text)).toBe(false);
    }
    expect(name).not.toBe(personCodec().storedKey('("canary-argument")'));
    const shown = inspect(codec, { depth: Infinity, showHidden: true });
    expect(shown).not.toContain('getPerson');
  });

  it('gives every entry memory of its own', () => {
    const stored = personCodec().encode(keyText, ada, facts);
    expect(stored.ok && stored.bytes.buffer.byteLength === stored.bytes.byteLength).toBe(true);
  });
});

describe('what invalidations need', () => {
  const marked = {
    times,
    stamp: { inc: 8e15 + 5, born: 1_760_000_000_000_001 },
    tags: ['t:AAAAAAAAAAAAAAAA', 't:abcdefghijklmno_'],
  };

  it.each([['plain'], ['sealed']])('comes back from a %s entry', (kind) => {
    const codec = personCodec(kind === 'sealed' ? { cipher: vectorCipher() } : {});
    const stored = codec.encode(keyText, longAda, marked);
    if (!stored.ok) throw new Error(stored.reason);
    const back = codec.decode(keyText, stored.bytes, nowMs);
    expect(said(back)).toEqual({ ok: true, value: longAda, facts: marked });
    const tag = Buffer.from('abcdefghijklmno_', 'base64url');
    expect(Buffer.from(stored.bytes).includes(tag)).toBe(kind === 'plain');
  });

  it('is at most 255 tags', () => {
    const tags = (count: number): string[] => Array<string>(count).fill('t:AAAAAAAAAAAAAAAA');
    const codec = personCodec();
    expect(codec.encode(keyText, ada, { ...marked, tags: tags(255) }).ok).toBe(true);
    expect(codec.encode(keyText, ada, { ...marked, tags: tags(256) })).toEqual({
      ok: false,
      reason: 'unstorable',
    });
  });

  it('claims no more tags than there are bytes', () => {
    const codec = personCodec();
    const bytes = encodeOrFail(codec, ada);
    bytes[88] = 255;
    expect(codec.decode(keyText, rehash(bytes), nowMs)).toEqual({ ok: false, reason: 'decode' });
  });
});

describe('decode tells', () => {
  const stored = (): Buffer => encodeOrFail(personCodec(), ada);
  const sealed = (): Buffer => encodeOrFail(personCodec({ cipher: vectorCipher() }), ada);
  const secure = () => personCodec({ cipher: vectorCipher() });
  const put = (bytes: Buffer, at: number, value: number): Buffer => {
    bytes[at] = value;
    return bytes;
  };

  it('other-key for the entry of another call, function, namespace or version', () => {
    const reason = { ok: false, reason: 'other-key' };
    expect(personCodec().decode('(8)', stored(), nowMs)).toEqual(reason);
    expect(personCodec({ siteId: 'x' }).decode(keyText, stored(), nowMs)).toEqual(reason);
    expect(personCodec({ namespace: 'x' }).decode(keyText, stored(), nowMs)).toEqual(reason);
    expect(personCodec({ versionText: 'x' }).decode(keyText, stored(), nowMs)).toEqual(reason);
    expect(secure().decode('(8)', sealed(), nowMs)).toEqual(reason);
  });

  it('shape for another type under the same key', () => {
    const codec = personCodec({ shape: 'ffffffffffffffff' });
    expect(codec.decode(keyText, stored(), nowMs)).toEqual({ ok: false, reason: 'shape' });
  });

  it('expired from the hard expiry on, and for entries from the future', () => {
    const codec = personCodec();
    const at = (ms: number) => codec.decode(keyText, stored(), ms);
    expect(at(times.hardExpiryMs - 1).ok).toBe(true);
    expect(at(times.hardExpiryMs)).toEqual({ ok: false, reason: 'expired' });
    expect(at(times.storedAtMs - 60_000).ok).toBe(true);
    expect(at(times.storedAtMs - 60_001)).toEqual({ ok: false, reason: 'expired' });
    expect(at(NaN)).toEqual({ ok: false, reason: 'expired' });
  });

  it('checksum for a plain entry that was changed, cut or extended', () => {
    const reason = { ok: false, reason: 'checksum' };
    const codec = personCodec();
    expect(codec.decode(keyText, put(stored(), 97, 0xff), nowMs)).toEqual(reason);
    expect(codec.decode(keyText, stored().subarray(0, -1), nowMs)).toEqual(reason);
    expect(codec.decode(keyText, Buffer.concat([stored(), Buffer.alloc(1)]), nowMs)).toEqual(reason);
    expect(codec.decode(keyText, Buffer.alloc(0), nowMs)).toEqual(reason);
  });

  it('tamper for an encrypted entry that was changed, cut or extended', () => {
    const reason = { ok: false, reason: 'tamper' };
    expect(secure().decode(keyText, put(sealed(), 150, 0), nowMs)).toEqual(reason);
    expect(secure().decode(keyText, put(sealed(), 24, 1), nowMs)).toEqual(reason);
    expect(secure().decode(keyText, sealed().subarray(0, -1), nowMs)).toEqual(reason);
    expect(secure().decode(keyText, Buffer.concat([sealed(), Buffer.alloc(1)]), nowMs)).toEqual(reason);
  });

  it('other-key for an entry of a key that is not in the ring', () => {
    const [oldKey, newKey] = [ephemeralKey(), ephemeralKey()];
    const during = personCodec({ cipher: createCipher(new KeyRing(newKey, [oldKey])) });
    const before = personCodec({ cipher: createCipher(new KeyRing(oldKey)) });
    const promised = personCodec({ cipher: createCipher(new KeyRing(oldKey, [newKey])) });
    expect(during.olderKeys(keyText)).toEqual([before.storedKey(keyText)]);
    expect(promised.olderKeys(keyText)).toEqual([during.storedKey(keyText)]);
    expect(before.decode(keyText, encodeOrFail(during, ada), nowMs)).toEqual({
      ok: false,
      reason: 'other-key',
    });
    expect(said(promised.decode(keyText, encodeOrFail(during, ada), nowMs))).toMatchObject({ value: ada });
    expect(said(during.decode(keyText, encodeOrFail(before, ada), nowMs))).toEqual({
      ok: true,
      value: ada,
      facts,
    });
  });

  it('tamper for a plain entry where encrypted ones are due, even with all names right', () => {
    const plain = put(put(sealed(), 5, 0), 6, 0);
    expect(secure().decode(keyText, stored(), nowMs)).toEqual({ ok: false, reason: 'tamper' });
    expect(secure().decode(keyText, plain, nowMs)).toEqual({ ok: false, reason: 'tamper' });
  });

  it('version for an encrypted entry where plain ones are due', () => {
    expect(personCodec().decode(keyText, sealed(), nowMs)).toEqual({ ok: false, reason: 'version' });
  });

  it('version for another magic, frame version, flag, algorithm, serializer, or fields of a later release', () => {
    const codec = personCodec();
    for (const [at, value] of [
      [0, 0],
      [4, 2],
      [5, 0x14],
      [5, 0x0c],
      [6, 1],
      [7, 9],
      [7, 2],
      [39, 1],
      [47, 1],
      [56, 1],
      [89, 1],
      [95, 1],
    ]) {
      const bytes = put(stored(), Number(at), Number(value));
      expect(codec.decode(keyText, bytes, nowMs)).toEqual({ ok: false, reason: 'version' });
    }
    const foreign = codec.decode(keyText, Buffer.from('{"some":"json"}'), nowMs);
    expect(foreign).toEqual({ ok: false, reason: 'version' });
  });

  it('too-large for more than this function may store', () => {
    const value = { ...ada, photo: new Uint8Array(10_000) };
    const bytes = encodeOrFail(personCodec(), value);
    const raw = encodeOrFail(personCodec({ compress: false }), value);
    const codec = personCodec({ maxSizeBytes: 9000 });
    expect(codec.decode(keyText, bytes, nowMs)).toEqual({ ok: false, reason: 'too-large' });
    expect(codec.decode(keyText, raw, nowMs)).toEqual({ ok: false, reason: 'too-large' });
  });

  it('decode for a body that is whole, but not of the type', () => {
    const untyped = personCodec({ value: undefined });
    const codec = personCodec();
    expect(codec.decode(keyText, encodeOrFail(untyped, { id: 'x' }), nowMs)).toEqual({
      ok: false,
      reason: 'decode',
    });
    const other = personCodec({ value: { ...personOps, write: (to) => to.wire([1, 2]) } });
    expect(codec.decode(keyText, encodeOrFail(other, ada), nowMs)).toEqual({ ok: false, reason: 'decode' });
    expect(untyped.decode(keyText, encodeOrFail(codec, ada), nowMs)).toEqual({ ok: false, reason: 'decode' });
  });

  it('decode when anything throws', () => {
    const broken = personCodec({
      value: {
        ...personOps,
        read: () => {
          throw new Error('canary');
        },
      },
    });
    expect(broken.decode(keyText, stored(), nowMs)).toEqual({ ok: false, reason: 'decode' });
  });
});

describe('own serializers', () => {
  const rot = {
    id: 'acme-v1',
    serialize: (value: unknown) => Buffer.from(JSON.stringify(value)).map((byte) => byte ^ 0x2a),
    deserialize: (bytes: Uint8Array): unknown =>
      JSON.parse(Buffer.from(bytes.map((byte) => byte ^ 0x2a)).toString()),
  };
  const value = { a: [1, 'x'] };
  const codec = () => personCodec({ serializer: rot, value: undefined });

  it.each(modes)('write and read the body (%s)', (_mode, options) => {
    const own = personCodec({ serializer: rot, value: undefined, ...options });
    const { sealedBy: _sealedBy, ...read } = {
      sealedBy: 0,
      ...own.decode(keyText, encodeOrFail(own, value), nowMs),
    };
    expect(read).toEqual({ ok: true, value, facts }); // not built by us
  });

  it('read only entries of their own id', () => {
    const bytes = encodeOrFail(codec(), value);
    const renamed = personCodec({ serializer: { ...rot, id: 'acme-v2' }, value: undefined });
    expect(renamed.decode(keyText, bytes, nowMs)).toEqual({ ok: false, reason: 'version' });
    expect(personCodec({ value: undefined }).decode(keyText, bytes, nowMs)).toEqual({
      ok: false,
      reason: 'version',
    });
  });

  it('are refused when what comes back is not of the type', () => {
    const typed = personCodec({ serializer: rot });
    expect(typed.decode(keyText, encodeOrFail(typed, ada), nowMs)).toEqual({ ok: false, reason: 'decode' });
  });

  it('are refused when what comes back is no plain data', () => {
    const listed = { ...rot, deserialize: () => ({ a: Object.assign([1, 'x'], { extra: 1 }) }) };
    const own = personCodec({ serializer: listed, value: undefined });
    expect(own.decode(keyText, encodeOrFail(own, value), nowMs)).toEqual({ ok: false, reason: 'decode' });
  });

  it('do no harm when they throw or return no bytes', () => {
    const fail = (): never => {
      throw new Error('canary');
    };
    const writing = personCodec({ serializer: { ...rot, serialize: fail }, value: undefined });
    const nothing = personCodec({
      serializer: { ...rot, serialize: () => 'text' as never },
      value: undefined,
    });
    const reading = personCodec({ serializer: { ...rot, deserialize: fail }, value: undefined });
    expect(writing.encode(keyText, value, facts)).toEqual({ ok: false, reason: 'unstorable' });
    expect(nothing.encode(keyText, value, facts)).toEqual({ ok: false, reason: 'unstorable' });
    expect(reading.decode(keyText, encodeOrFail(codec(), value), nowMs)).toEqual({
      ok: false,
      reason: 'decode',
    });
  });

  it('must exist', () => {
    expect(() => personCodec({ serializer: 'xml' })).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG' }),
    );
  });
});

describe('createEntryCodec', () => {
  it('does not change what a value shares with the stored bytes', () => {
    const codec = personCodec({ compress: false });
    const bytes = encodeOrFail(codec, ada);
    const first = codec.decode(keyText, bytes, nowMs);
    bytes.fill(0);
    expect(said(first)).toEqual({ ok: true, value: ada, facts });
  });

  it('reads entries that stand in the middle of a larger buffer', () => {
    const bytes = encodeOrFail(personCodec(), longAda);
    const around = new Uint8Array(bytes.length + 20);
    around.set(bytes, 11);
    const view = around.subarray(11, 11 + bytes.length);
    expect(said(personCodec().decode(keyText, view, nowMs))).toEqual({ ok: true, value: longAda, facts });
  });
});
