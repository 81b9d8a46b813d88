import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { groupId, groupIdBytes, kindOfGroup, tagIdOf } from '../../../runtime/coherence/group-id.ts';

it('names a group by its kind and the first 12 bytes of a digest of kind and name', () => {
  expect(groupId('namespace', 'shop')).toMatch(/^n:[\w-]{16}$/u);
  expect(groupId('function', 'shop')).toMatch(/^f:[\w-]{16}$/u);
  expect(groupId('tag', 'shop')).toMatch(/^t:[\w-]{16}$/u);
  // Part of what processes of different versions agree on: never changes.
  expect(groupId('tag', 'user:7')).toBe('t:5_jGVAS4ZPWG3iOU');
});

it('gives the same name under two kinds two digests', () => {
  expect(groupId('tag', 'shop').slice(2)).not.toBe(groupId('namespace', 'shop').slice(2));
});

it('tells nothing where an HMAC is given', () => {
  const mac = (bytes: Buffer): Buffer => createHmac('sha256', 'key').update(bytes).digest();
  expect(groupId('tag', 'shop', mac)).not.toBe(groupId('tag', 'shop'));
  expect(groupId('tag', 'shop', mac)).toMatch(/^t:[\w-]{16}$/u);
});

it('gives a tag back from the 12 bytes that entries keep', () => {
  const id = groupId('tag', 'user:7');
  expect(groupIdBytes(id)).toHaveLength(12);
  expect(tagIdOf(groupIdBytes(id))).toBe(id);
});

it('knows the kind of an id, and takes one of no kind for a tag', () => {
  expect(kindOfGroup(groupId('namespace', 'a'))).toBe('namespace');
  expect(kindOfGroup(groupId('function', 'a'))).toBe('function');
  expect(kindOfGroup(groupId('tag', 'a'))).toBe('tag');
  expect(kindOfGroup('')).toBe('tag');
});
