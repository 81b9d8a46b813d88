import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { KeyRing } from '../../../runtime/crypto/key-ring.ts';
import { ephemeralKey, keygen, parseMasterKey } from '../../../runtime/crypto/master-key.ts';

const bytes = Buffer.from('c5a1f7093b8e2d64907fd1ca53be6e18f20b94773ad8655c1e9f00b3a7486d2c', 'hex');
const text = `ck1_${bytes.toString('base64url')}`;

describe('parseMasterKey', () => {
  it('reads hex, ck1_ text and bytes as the same key', () => {
    const keys = [
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      text,
      `${text}\n`,
      new Uint8Array(bytes),
    ];
    expect(keys.map((key) => parseMasterKey(key).equals(parseMasterKey(bytes)))).toEqual(
      keys.map(() => true),
    );
  });

  it("leaves the caller's bytes as they are", () => {
    const own = new Uint8Array(bytes);
    parseMasterKey(own);
    expect(Buffer.from(own).equals(bytes)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['31 bytes', bytes.subarray(1)],
    ['33 bytes', Buffer.concat([bytes, bytes.subarray(0, 1)])],
    ['no bytes', new Uint8Array(0)],
    ['63 hex digits', bytes.toString('hex').slice(1)],
    ['base64url without its prefix', text.slice(4)],
    ['a prefix only', 'ck1_'],
    ['42 characters', text.slice(0, -1)],
    ['44 characters', `${text}A`],
    ['another alphabet', `ck1_${'+'.repeat(43)}`],
    [
      'bits beyond the 256',
      `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) + 1)}`,
    ],
    ['a padded text', `${text}=`],
    ['something else', 42],
    ['repeated bytes', Buffer.alloc(32, 0xa7)],
    ['zeros', '0'.repeat(64)],
    ['two alternating bytes', Buffer.alloc(32, 'ab', 'latin1')],
    ['counting up', Buffer.from(Array.from({ length: 32 }, (_, i) => i))],
    [
      'counting down by 3 through zero',
      Buffer.from(Array.from({ length: 32 }, (_, i) => (5 - 3 * i) & 0xff)),
    ],
    ['the hex digits in order', '0123456789abcdef'.repeat(4)],
    ['deadbeef', 'deadbeef'.repeat(8)],
    ['a pass phrase', Buffer.from('correct horse battery staple 123')],
    ['the hex form of a text', Buffer.from('change me to something secret !!').toString('hex')],
    ['half of it twice', Buffer.concat([bytes.subarray(0, 16), bytes.subarray(0, 16)])],
    ['mostly zeros', Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(20)])],
    ['the key of the test vectors', 'ef92d6d4dae4c130fb5dc1a56054a81841f569f9dd3509e2fbc2d9fd2c32a4b5'],
  ])('refuses %s', (_name, input) => {
    expect(() => parseMasterKey(input as string)).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_MASTER_KEY' }),
    );
  });

  it('says what is wrong without showing the input', () => {
    const phrase = 'canary horse battery staple 1234';
    let shown = '';
    try {
      parseMasterKey(Buffer.from(phrase));
    } catch (error) {
      shown = inspect(error, { depth: Infinity, showHidden: true });
    }
    expect(shown).toContain('text, not random bytes');
    expect(shown).not.toContain('canary');
    expect(shown).not.toContain(Buffer.from(phrase).toString('hex').slice(0, 8));
  });

  it('takes random keys', () => {
    for (let i = 0; i < 2000; i++) expect(parseMasterKey(randomBytes(32)).symmetricKeySize).toBe(32);
  });
});

describe('keygen', () => {
  it('makes another acceptable key each time', () => {
    const keys = Array.from({ length: 100 }, keygen);
    expect(keys.every((key) => /^ck1_[A-Za-z0-9_-]{43}$/.test(key))).toBe(true);
    expect(keys.every((key) => parseMasterKey(key).symmetricKeySize === 32)).toBe(true);
    expect(new Set(keys).size).toBe(100);
  });
});

describe('KeyRing', () => {
  it('names keys by an id that does not change', () => {
    const id = new KeyRing(parseMasterKey(text)).primary.id;
    expect(id.length).toBe(8);
    expect(new KeyRing(parseMasterKey(bytes)).find(Buffer.from(id))?.key.equals(parseMasterKey(text))).toBe(
      true,
    );
    expect(new KeyRing(ephemeralKey()).find(id)).toBeUndefined();
  });

  it('shows nothing of its keys, however it is printed', () => {
    const ring = new KeyRing(parseMasterKey(text), [ephemeralKey()]);
    const printed = [inspect(ring, { depth: Infinity, showHidden: true }), JSON.stringify({ ring })];
    printed.push(inspect({ ring, primary: ring.primary }, { depth: Infinity, showHidden: true }));
    for (const shown of printed) {
      expect(shown).not.toContain(bytes.toString('hex').slice(0, 8));
      expect(shown).not.toContain(text.slice(4, 12));
      expect(shown).not.toMatch(/c5 a1 f7/);
    }
  });
});
