import { createDecipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createCipher } from '../../../runtime/crypto/aes-gcm.ts';
import { SEAL_BLOCK_BYTES, type Cipher } from '../../../runtime/crypto/cipher.ts';
import { KeyRing } from '../../../runtime/crypto/key-ring.ts';
import { ephemeralKey } from '../../../runtime/crypto/master-key.ts';
import { twoKeyMessage } from './two-key-message.ts';

const context = Buffer.from('the logical key');
const plain = Buffer.from('what the function returned');
const newHeader = (): Buffer => Buffer.alloc(96 + SEAL_BLOCK_BYTES, 5);
const block = (header: Buffer): { id: Buffer; salt: Buffer; commitment: Buffer; nonce: Buffer } => ({
  id: header.subarray(96, 104),
  salt: header.subarray(104, 120),
  commitment: header.subarray(120, 136),
  nonce: header.subarray(136, 148),
});
const sealOne = (cipher: Cipher): { header: Buffer; body: Buffer; tag: Buffer } => {
  const header = newHeader();
  return { header, ...cipher.seal(header, context, plain) };
};
const flip = (bytes: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};
const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const lengthPrefixed = (...parts: readonly Buffer[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [u32(part.length), part]));
/** The derivation as docs/spec/encryption.md states it, written again. */
const deriveBySpec = (
  master: Buffer,
  header: Buffer,
  tenant: string,
): { key: Buffer; commitment: Buffer } => {
  const { id, salt } = block(header);
  const info = lengthPrefixed(Buffer.from('ck/v1'), id, Buffer.from(tenant), Buffer.from('aes-256-gcm'));
  const bytes = Buffer.from(hkdfSync('sha256', master, salt, info, 48));
  return { key: bytes.subarray(0, 32), commitment: bytes.subarray(32) };
};

describe('createCipher', () => {
  it('opens what another process with the same key sealed', () => {
    const key = ephemeralKey();
    const { header, body, tag } = sealOne(createCipher(new KeyRing(key)));
    expect(body.includes('function')).toBe(false);
    expect(createCipher(new KeyRing(key)).open(header, context, body, tag)).toEqual(plain);
  });

  it('is AES-256-GCM with the documented key, associated data and layout', () => {
    const master = randomBytes(32);
    const { header, body, tag } = sealOne(createCipher(new KeyRing(createSecretKey(master)), 'acme'));
    const { key, commitment } = deriveBySpec(master, header, 'acme');
    expect(block(header).commitment.equals(commitment)).toBe(true);
    const decipher = createDecipheriv('aes-256-gcm', key, block(header).nonce, { authTagLength: 16 });
    decipher.setAAD(lengthPrefixed(header, context)).setAuthTag(tag);
    expect(Buffer.concat([decipher.update(body), decipher.final()])).toEqual(plain);
  });

  it('refuses any changed bit of header, context, body and tag', () => {
    const cipher = createCipher(new KeyRing(ephemeralKey()));
    const { header, body, tag } = sealOne(cipher);
    const outcomes = new Set<unknown>();
    const tally = (h: Buffer, c: Buffer, b: Buffer, t: Buffer): void => {
      const outcome = cipher.open(h, c, b, t);
      outcomes.add(typeof outcome === 'string' ? outcome : 'opened');
    };
    for (let bit = 0; bit < header.length * 8; bit++) tally(flip(header, bit), context, body, tag);
    for (let bit = 0; bit < context.length * 8; bit++) tally(header, flip(context, bit), body, tag);
    for (let bit = 0; bit < body.length * 8; bit++) tally(header, context, flip(body, bit), tag);
    for (let bit = 0; bit < tag.length * 8; bit++) tally(header, context, body, flip(tag, bit));
    expect(outcomes).toEqual(new Set(['tamper', 'unknown-key']));
    expect(cipher.open(header, context, body, tag)).toEqual(plain);
  });

  it.each([0, 1, 4, 12, 15, 17])('refuses a tag of %d bytes', (length) => {
    const cipher = createCipher(new KeyRing(ephemeralKey()));
    const { header, body, tag } = sealOne(cipher);
    const other = Buffer.concat([tag, tag]).subarray(0, length);
    expect(cipher.open(header, context, body, other)).toBe('tamper');
  });

  it('does not open the entries of another tenant, nor names them alike', () => {
    const ring = new KeyRing(ephemeralKey());
    const [a, b] = [createCipher(ring, 'a'), createCipher(ring, 'b')];
    const { header, body, tag } = sealOne(a);
    expect(b.open(header, context, body, tag)).toBe('tamper');
    expect(a.mac(context).equals(b.mac(context))).toBe(false);
  });

  it('tries no key but the one that the entry names', () => {
    const { header, body, tag } = sealOne(createCipher(new KeyRing(ephemeralKey())));
    expect(createCipher(new KeyRing(ephemeralKey())).open(header, context, body, tag)).toBe('unknown-key');
  });

  it('refuses a ciphertext that AES-GCM alone opens under two keys', () => {
    const master = randomBytes(32);
    const ring = new KeyRing(createSecretKey(master));
    const { header } = sealOne(createCipher(ring, 'a'));
    const keys = ['a', 'b'].map((tenant) => deriveBySpec(master, header, tenant).key);
    const aad = lengthPrefixed(header, context);
    const { body, tag } = twoKeyMessage(keys, block(header).nonce, aad);
    const opensUnder = keys.map((key) => {
      const decipher = createDecipheriv('aes-256-gcm', key, block(header).nonce, { authTagLength: 16 });
      decipher.setAAD(aad).setAuthTag(tag);
      return Buffer.concat([decipher.update(body), decipher.final()]).length;
    });
    expect(opensUnder).toEqual([32, 32]);
    expect(createCipher(ring, 'b').open(header, context, body, tag)).toBe('tamper');
  });

  it('never repeats a nonce and keeps its salt', () => {
    const cipher = createCipher(new KeyRing(ephemeralKey()));
    const headers = Array.from({ length: 2000 }, () => block(sealOne(cipher).header));
    expect(new Set(headers.map(({ nonce }) => nonce.toString('hex'))).size).toBe(2000);
    expect(new Set(headers.map(({ salt }) => salt.toString('hex'))).size).toBe(1);
  });

  it('takes a new salt after its messages, after 24 hours, and in every process', () => {
    let nowMs = 0;
    const ring = new KeyRing(ephemeralKey());
    const cipher = createCipher(ring, 'default', {
      clock: { monotonicMs: () => nowMs },
      maxMessagesPerSalt: 3,
    });
    const saltNow = (): string => block(sealOne(cipher).header).salt.toString('hex');
    const [first, second, third, fourth] = [saltNow(), saltNow(), saltNow(), saltNow()];
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
    nowMs = 24 * 3_600_000 - 1;
    expect(saltNow()).toBe(fourth);
    nowMs += 1;
    expect(saltNow()).not.toBe(fourth);
    expect(block(sealOne(createCipher(ring)).header).salt.toString('hex')).not.toBe(first);
  });

  it('takes a new salt before its bytes are more than they may be', () => {
    const ring = new KeyRing(ephemeralKey());
    const cipher = createCipher(ring, 'default', { maxBytesPerSalt: 2 * plain.length });
    const salts = [1, 2, 3].map(() => block(sealOne(cipher).header).salt.toString('hex'));
    expect(new Set(salts).size).toBe(2);
    expect(salts[1]).toBe(salts[0]);
  });

  it('reads entries of a previous key and knows their names, writes and names with the new one', () => {
    const [oldKey, newKey] = [ephemeralKey(), ephemeralKey()];
    const before = createCipher(new KeyRing(oldKey));
    const during = createCipher(new KeyRing(newKey, [oldKey]));
    const after = createCipher(new KeyRing(newKey));
    const old = sealOne(before);
    const fresh = sealOne(during);
    expect(during.open(old.header, context, old.body, old.tag)).toEqual(plain);
    expect(before.open(fresh.header, context, fresh.body, fresh.tag)).toBe('unknown-key');
    expect(after.open(old.header, context, old.body, old.tag)).toBe('unknown-key');
    expect(after.open(fresh.header, context, fresh.body, fresh.tag)).toEqual(plain);
    expect(during.mac(context).equals(after.mac(context))).toBe(true);
    expect(during.olderMacs(context)).toEqual([before.mac(context)]);
    expect(after.mac(context).equals(before.mac(context))).toBe(false);
    expect(after.olderMacs(context)).toEqual([]);
  });

  it('names alike in every process, and not by a plain hash', () => {
    const key = ephemeralKey();
    const [one, two] = [createCipher(new KeyRing(key)), createCipher(new KeyRing(key))];
    sealOne(one);
    expect(one.mac(context).equals(two.mac(context))).toBe(true);
    expect(createCipher(new KeyRing(ephemeralKey())).mac(context).equals(one.mac(context))).toBe(false);
  });

  it('opens its own entries among forged salts', () => {
    const key = ephemeralKey();
    const { header, body, tag } = sealOne(createCipher(new KeyRing(key)));
    const reader = createCipher(new KeyRing(key));
    for (let i = 0; i < 1000; i++) {
      const forged = Buffer.from(header);
      randomBytes(16).copy(forged, 104);
      expect(reader.open(forged, context, body, tag)).toBe('tamper');
    }
    expect(reader.open(header, context, body, tag)).toEqual(plain);
  });

  it('shows no key material when printed', () => {
    const master = randomBytes(32);
    const cipher = createCipher(new KeyRing(createSecretKey(master)));
    const { header } = sealOne(cipher);
    const shown = inspect(cipher, { depth: Infinity, showHidden: true });
    expect(shown).not.toContain(master.toString('hex').slice(0, 8));
    expect(shown).not.toContain(deriveBySpec(master, header, 'default').key.toString('hex').slice(0, 8));
    // and the sample itself would be found if it were there
    expect(inspect({ master: master.toString('hex') })).toContain(master.toString('hex').slice(0, 8));
  });
});
