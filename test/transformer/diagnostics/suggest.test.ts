import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from '../../../transformer/diagnostics/suggest.ts';

describe('did you mean', () => {
  it.each([
    ['tll', 'ttl'],
    ['prodction', 'production'],
    ['Production', 'production'],
    ['vresion', 'version'],
    ['serialiser', 'serializer'],
    ['prod', 'production'],
  ])('%s: %s', (written, meant) => {
    expect(suggest(written, ['ttl', 'production', 'version', 'serializer', 'key'])).toBe(meant);
  });

  it.each(['swr', 'tags', 'x', '', 'pr'])('has no idea for %j', (written) => {
    expect(suggest(written, ['production', 'namespace', 'version'])).toBeUndefined();
  });
});

describe('edit distance', () => {
  it('is 0 only for equal texts, the same in both directions, and never above the longer text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it('counts a swap as one', () => {
    expect(editDistance('tlt', 'ttl')).toBe(1);
  });
});
