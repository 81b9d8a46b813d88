import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryEntry, type EntryOwner } from '../../../runtime/memory/memory-entry.ts';
import { nameTagOf, SharedIndex } from '../../../runtime/memory/shared-index.ts';

const owner: EntryOwner = { evict: () => undefined, drop: () => undefined, collectHits: () => undefined };
const ticks = { born: 0, until: 1, soft: 1, hard: 1 };
const entryOf = (nameTag: number): MemoryEntry =>
  new MemoryEntry({ owner, copy: undefined }, 0, { value: 0, sizeBytes: 1 }, ticks, nameTag);
const nameOf = (text: string): string => `ck1:{${createHash('sha256').update(text).digest('base64url')}}`;

describe('nameTagOf', () => {
  it('is a small integer above 0, whatever the name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string().map(nameOf)), (name) => {
        const tag = nameTagOf(name);
        expect(Number.isInteger(tag) && tag > 0 && tag < 2 ** 30 && nameTagOf(name) === tag).toBe(true);
      }),
    );
  });

  it('tells names apart: native ones, and those shared with other languages', () => {
    const texts = Array.from({ length: 1000 }, (_, i) => String(i));
    const hex = (text: string): string => `users:f:${createHash('sha256').update(text).digest('hex')}`;
    expect(new Set(texts.map((text) => nameTagOf(nameOf(text)))).size).toBeGreaterThan(995);
    expect(new Set(texts.map((text) => nameTagOf(hex(text)))).size).toBeGreaterThan(995);
  });
});

describe('SharedIndex', () => {
  it('finds an entry by its name and by its tags, until it is removed', () => {
    const index = new SharedIndex();
    const name = nameOf('one');
    const [named, tagged] = [entryOf(nameTagOf(name)), entryOf(0)];
    index.add(named, ['t:a', 't:b']);
    index.add(tagged, ['t:a']);
    expect(index.named(name)).toEqual([named]);
    expect(index.tagged('t:a')).toEqual([named, tagged]);
    expect(index.tagsOf(named)).toEqual(['t:a', 't:b']);
    index.remove(named);
    expect([index.named(name), index.tagged('t:a'), index.tagged('t:b')]).toEqual([[], [tagged], []]);
    expect(index.tagsOf(named)).toEqual([]);
  });

  it('gives all entries of a name', () => {
    const index = new SharedIndex();
    const name = nameOf('one');
    const [first, second] = [entryOf(nameTagOf(name)), entryOf(nameTagOf(name))];
    index.add(first);
    index.add(second);
    expect(index.named(name)).toEqual([first, second]);
    index.remove(first);
    expect(index.named(name)).toEqual([second]);
  });
});
