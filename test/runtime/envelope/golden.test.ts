import { createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decode as decodeMessagePack } from 'msgpackr';
import { beforeAll, describe, expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import { loadCodecs } from '../../../runtime/envelope/ready.ts';
import {
  goldenFile,
  makeGoldenFile,
  protectionOf,
  upsideDown,
  type GoldenEntry,
  type GoldenFile,
} from './golden-entries.ts';
import { keyText, nowMs, personCodec, facts, said } from './samples.ts';

beforeAll(loadCodecs);

// The file is ours, and its first use below fails when it has another form.
const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as GoldenFile;
const titled = golden.entries.map((entry) => [entry.name, entry] as const);
const valueOf = ({ value }: GoldenEntry): unknown => ({
  ...value,
  photo: new Uint8Array(Buffer.from(value.photo, 'hex')),
});

describe('the frozen entries of frame version 1', () => {
  it('cover every serializer in every mode and form', () => {
    expect(new Set(golden.entries.map((entry) => entry.name)).size).toBe(4 * 6 * 2 + 6);
  });

  it.each(titled)('are read: %s', (_name, entry) => {
    const serializer = entry.serializer === upsideDown.id ? upsideDown : entry.serializer;
    const codec = personCodec({ serializer, ...protectionOf(entry.mode) });
    expect(codec.storedKey(keyText)).toBe(entry.storedKey);
    const result = codec.decode(keyText, Buffer.from(entry.entry, 'hex'), nowMs);
    expect(said(result)).toEqual({ ok: true, value: valueOf(entry), facts });
  });

  it('are written byte for byte, where the compressor does not choose the bytes', () => {
    const uncompressed = ({ entries, ...rest }: GoldenFile): unknown => ({
      ...rest,
      entries: entries.filter(({ mode }) => !mode.endsWith('compressed')),
    });
    expect(uncompressed(makeGoldenFile())).toEqual(uncompressed(golden));
  });
});

describe('a reader written from the specification', () => {
  const shaped = titled.filter(
    ([, { mode, tagged, serializer }]) =>
      (mode === 'plain' || mode === 'encrypted') && !tagged && serializer !== upsideDown.id,
  );

  it.each(shaped)('understands %s', async (_name, entry) => {
    const bytes = Buffer.from(entry.entry, 'hex');
    const header = await readBySpec(bytes, entry);
    expect(header.times).toEqual(golden.times);
    expect(header.shape).toBe(golden.call.shape);
    expect(header.wire).toEqual([entry.value.id, entry.value.name, entry.value.photo]);
  });

  async function readBySpec(bytes: Buffer, entry: GoldenEntry) {
    const encrypted = (bytes.readUInt8(5) & 2) !== 0;
    expect(bytes.toString('hex', 0, 5)).toBe('c1434b4601');
    expect(encrypted).toBe(entry.mode === 'encrypted');
    const { namespace, siteId, versionText, keyPrefix } = golden.call;
    const logical = Buffer.concat([namespace, siteId, versionText, golden.call.keyText].map(part));
    const digest = encrypted ? indexMac(logical) : createHash('sha256').update(logical).digest();
    expect(entry.storedKey).toBe(`${keyPrefix}:{${digest.toString('base64url')}}`);
    expect(bytes.subarray(64, 80).equals(digest.subarray(0, 16))).toBe(true);
    const body = encrypted ? decryptBySpec(bytes, logical) : await checkBySpec(bytes);
    expect(body.length).toBe(bytes.readUInt32LE(80));
    return {
      times: {
        storedAtMs: Number(bytes.readBigUInt64LE(8)),
        softExpiryMs: Number(bytes.readBigUInt64LE(16)),
        hardExpiryMs: Number(bytes.readBigUInt64LE(24)),
      },
      shape: bytes.toString('hex', 48, 56),
      wire: readWire(body, bytes.readUInt8(7)),
    };
  }

  function readWire(body: Buffer, serializer: number): unknown[] {
    const json = serializer === 3;
    const [id, name, photo]: unknown[] = json ? JSON.parse(body.toString()) : decodeMessagePack(body);
    const bytes = json ? Buffer.from((photo as { b: string }).b, 'base64') : (photo as Buffer); // by the specification
    return [id, name, bytes.toString('hex')];
  }

  async function checkBySpec(bytes: Buffer): Promise<Buffer> {
    const xxh = await xxhash();
    const end = 96 + bytes.readUInt32LE(84);
    expect(bytes.length).toBe(end + 8);
    expect(bytes.readBigUInt64LE(end)).toBe(xxh.h64Raw(bytes.subarray(0, end)));
    return bytes.subarray(96, end);
  }

  function decryptBySpec(bytes: Buffer, logical: Buffer): Buffer {
    const end = 148 + bytes.readUInt32LE(84);
    expect(bytes.length).toBe(end + 16);
    const master = Buffer.from(golden.encryption.masterKey, 'hex');
    const keyId = createHmac('sha256', master).update('ck/kid').digest().subarray(0, 8);
    expect(bytes.subarray(96, 104).equals(keyId)).toBe(true);
    const info = counted(
      Buffer.from('ck/v1'),
      keyId,
      Buffer.from(golden.encryption.tenant),
      Buffer.from('aes-256-gcm'),
    );
    const okm = Buffer.from(hkdfSync('sha256', master, bytes.subarray(104, 120), info, 48));
    expect(bytes.subarray(120, 136).equals(okm.subarray(32))).toBe(true);
    const decipher = createDecipheriv('aes-256-gcm', okm.subarray(0, 32), bytes.subarray(136, 148), {
      authTagLength: 16,
    });
    decipher.setAAD(counted(bytes.subarray(0, 148), logical)).setAuthTag(bytes.subarray(end));
    return Buffer.concat([decipher.update(bytes.subarray(148, end)), decipher.final()]);
  }

  function indexMac(logical: Buffer): Buffer {
    const master = Buffer.from(golden.encryption.masterKey, 'hex');
    const info = counted(Buffer.from('ck/index'), Buffer.from(golden.encryption.tenant));
    const key = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), info, 32));
    return createHmac('sha256', key).update(logical).digest();
  }

  function part(text: string): Buffer {
    return Buffer.concat([Buffer.from([0]), counted(Buffer.from(text))]);
  }

  function counted(...parts: readonly Buffer[]): Buffer {
    const lengths = parts.map((bytes) => Buffer.from([bytes.length & 255, bytes.length >> 8, 0, 0]));
    return Buffer.concat(parts.flatMap((bytes, i) => [lengths[i] ?? bytes, bytes]));
  }
});
