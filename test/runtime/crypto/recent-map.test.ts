import { expect, it } from 'vitest';
import { RecentMap } from '../../../runtime/crypto/recent-map.ts';

it('keeps what was asked for last', () => {
  const map = new RecentMap<string, { readonly of: string }>(2);
  map.set('a', { of: 'a' });
  map.set('b', { of: 'b' });
  expect(map.get('a')).toEqual({ of: 'a' });
  map.set('c', { of: 'c' });
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([{ of: 'a' }, undefined, { of: 'c' }]);
});

it('replaces, and does not count twice', () => {
  const map = new RecentMap<string, { readonly of: number }>(2);
  map.set('a', { of: 1 });
  map.set('b', { of: 2 });
  map.set('a', { of: 3 });
  expect([map.get('a'), map.get('b')]).toEqual([{ of: 3 }, { of: 2 }]);
});
