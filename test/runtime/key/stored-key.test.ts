import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyNamer, encodeParts } from '../../../runtime/key/stored-key.ts';

const site = { keyPrefix: 'ck1', namespace: 'shop', siteId: 'shop/src/user#getUser', versionText: 'v1' };

describe('encodeParts', () => {
  it('gives different bytes for different lists', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('\ud800', '\udfff', ':', '\0'),
    );
    const list = fc.array(part, { maxLength: 4 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const same = a.length === b.length && a.every((text, i) => text === b[i]);
        expect(encodeParts(a).equals(encodeParts(b))).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [['a', 'b'], ['ab']],
    [['a', ''], ['a']],
    [['\ud800'], ['\ufffd']],
    [['\ud800'], ['\udc00']],
    [['a\0'], ['a']],
  ])('keeps %j apart from %j', (a, b) => {
    expect(encodeParts(a).equals(encodeParts(b))).toBe(false);
  });
});

describe('createKeyNamer', () => {
  it('names a call by the SHA-256 of its length-prefixed parts', () => {
    const part = (text: string): Buffer => {
      const bytes = Buffer.from(text);
      return Buffer.concat([Buffer.from([0, bytes.length, 0, 0, 0]), bytes]);
    };
    const logical = Buffer.concat([site.namespace, site.siteId, site.versionText, '(1)'].map(part));
    const digest = createHash('sha256').update(logical).digest();
    const key = createKeyNamer(site)('(1)');
    expect(key.logical.equals(logical)).toBe(true);
    expect(key.name).toBe(`ck1:{${digest.toString('base64url')}}`);
    expect(key.name).toMatch(/^ck1:\{[A-Za-z0-9_-]{43}\}$/);
    expect(key.tag.equals(digest.subarray(0, 16))).toBe(true);
  });

  it('depends on every part, and on nothing else', () => {
    const names = [
      createKeyNamer(site)('(1)').name,
      createKeyNamer(site)('(2)').name,
      createKeyNamer({ ...site, namespace: 'shop2' })('(1)').name,
      createKeyNamer({ ...site, siteId: 'x' })('(1)').name,
      createKeyNamer({ ...site, versionText: '' })('(1)').name,
    ];
    expect(new Set(names).size).toBe(5);
    expect(createKeyNamer({ ...site })('(1)').name).toBe(names[0]);
  });

  it('answers for the text asked, in any order of calls', () => {
    const name = createKeyNamer(site);
    const [one, two] = [name('(1)').name, name('(2)').name];
    expect([name('(2)').name, name('(1)').name, name('(1)').name]).toEqual([two, one, one]);
  });

  it('uses the given MAC instead of a hash that anyone can compute', () => {
    const macs = { mac: () => Buffer.alloc(32, 7), olderMacs: () => [Buffer.alloc(32, 8)] };
    const key = createKeyNamer(site, macs)('(1)');
    expect(key.name).toBe(`ck1:{${Buffer.alloc(32, 7).toString('base64url')}}`);
    expect(key.older).toEqual([
      { tag: Buffer.alloc(16, 8), name: `ck1:{${Buffer.alloc(32, 8).toString('base64url')}}` },
    ]);
  });
});
