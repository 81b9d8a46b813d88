import { createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { interopKeys } from '../../../runtime/interop/interop-keys.ts';
import { openInterop, sealInterop, type Opened } from '../../../runtime/interop/seal-interop.ts';
import { hex, unhex, vectors } from './vectors.ts';

const master = (fill: number) => createSecretKey(Buffer.alloc(32, fill));
const plainOf = (opened: Opened | string): string =>
  typeof opened === 'string' ? opened : hex(opened.plain);
const configError = expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG' });

describe('encrypted interop entries', () => {
  it.each(vectors.encryption)('have the known bytes: $name', (vector) => {
    const keys = interopKeys(createSecretKey(unhex(vector.masterKey)), [], vector.tenant);
    expect(hex(keys.keys[0].export())).toBe(vector.derivedKey);
    const sealed = sealInterop(keys, vector.key, unhex(vector.plain), () => unhex(vector.nonce));
    expect(hex(sealed)).toBe(vector.stored);
    expect(plainOf(openInterop(keys, vector.key, unhex(vector.stored)))).toBe(vector.plain);
  });

  const keys = interopKeys(master(1));
  const plain = Buffer.from('81a161a16201', 'hex');
  const stored = sealInterop(keys, 'users:get:00', plain);

  it('take 28 bytes more than their value, with a nonce of their own', () => {
    expect(stored.length).toBe(plain.length + 28);
    expect(sealInterop(keys, 'users:get:00', plain).subarray(0, 12).equals(stored.subarray(0, 12))).toBe(
      false,
    );
  });

  it('do not open when any bit is changed', () => {
    for (let bit = 0; bit < stored.length * 8; bit++) {
      const changed = Buffer.from(stored);
      changed[bit >> 3] = changed.readUInt8(bit >> 3) ^ (1 << (bit & 7));
      expect(openInterop(keys, 'users:get:00', changed)).toBe('tamper');
    }
  });

  it('do not open under another key, for another tenant or with another master key', () => {
    expect(openInterop(keys, 'users:get:01', stored)).toBe('tamper');
    expect(openInterop(keys, 'users:get:00:', stored)).toBe('tamper');
    expect(openInterop(interopKeys(master(1), [], 'other'), 'users:get:00', stored)).toBe('tamper');
    expect(openInterop(interopKeys(master(2)), 'users:get:00', stored)).toBe('tamper');
  });

  it('do not open when cut, extended or plain', () => {
    for (let length = 0; length < 28; length++) {
      expect(openInterop(keys, 'users:get:00', stored.subarray(0, length))).toBe('decode');
    }
    expect(openInterop(keys, 'users:get:00', stored.subarray(0, -1))).toBe('tamper');
    expect(openInterop(keys, 'users:get:00', Buffer.concat([stored, Buffer.alloc(1)]))).toBe('tamper');
    expect(openInterop(keys, 'users:get:00', randomBytes(64))).toBe('tamper');
  });

  it('open with previous keys, and say with which; only the current one writes', () => {
    const ring = interopKeys(master(3), [master(2), master(1)]);
    expect(openInterop(ring, 'users:get:00', stored)).toEqual({ plain, keyIndex: 2 });
    const fresh = sealInterop(ring, 'users:get:00', plain);
    expect(openInterop(ring, 'users:get:00', fresh)).toEqual({ plain, keyIndex: 0 });
    expect(openInterop(keys, 'users:get:00', fresh)).toBe('tamper');
  });

  it('refuse key rings and tenants that the other libraries refuse', () => {
    const four = [master(2), master(3), master(4), master(5)];
    expect(() => interopKeys(master(1), four)).toThrow(configError);
    expect(interopKeys(master(1), four.slice(1)).keys.length).toBe(4);
    expect(() => interopKeys(master(1), [master(1)])).toThrow(configError);
    expect(() => interopKeys(master(1), [master(2), master(2)])).toThrow(configError);
    for (const tenant of ['', 'x'.repeat(1025), 'é'.repeat(513), '\uD800']) {
      expect(() => interopKeys(master(1), [], tenant)).toThrow(configError);
    }
    expect(interopKeys(master(1), [], 'é'.repeat(512)).tenant.length).toBe(512);
  });

  it('show no key when printed', () => {
    const printed = inspect(keys, { depth: null, showHidden: true }) + JSON.stringify(keys);
    expect(printed).not.toContain(hex(keys.keys[0].export()).slice(0, 8));
  });
});
