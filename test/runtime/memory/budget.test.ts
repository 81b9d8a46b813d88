import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../../runtime/memory/budget.ts';
import { MemoryEntry, type EntryOwner } from '../../../runtime/memory/memory-entry.ts';
import { manualClock } from '../../../runtime/testing/index.ts';

function setUp(limits: { maxBytes: number; maxEntries: number }) {
  const clock = manualClock();
  const evicted: MemoryEntry[] = [];
  let collected = 0;
  const owner: EntryOwner = {
    evict: (entry) => void evicted.push(entry),
    drop: (entry) => void evicted.push(entry),
    collectHits: (entry) => {
      collected += entry.hits;
      entry.hits = 0;
    },
  };
  const now = (): number => Math.floor(clock.monotonicMs() / 16);
  const budget = new MemoryBudget(limits, clock, now);
  const entry = (sizeBytes: number, until = 1_000_000): MemoryEntry =>
    new MemoryEntry(
      { owner, copy: undefined },
      0,
      { value: 0, sizeBytes },
      { born: 0, until, soft: until, hard: until },
      0,
    );
  return { clock, evicted, budget, entry, collected: () => collected };
}

describe('MemoryBudget', () => {
  it('evicts the oldest first when bytes run out', () => {
    const { budget, entry, evicted } = setUp({ maxBytes: 100, maxEntries: Infinity });
    const entries = [entry(40), entry(40), entry(40)];
    for (const one of entries) budget.add(one);
    expect(evicted).toEqual([entries[0]]);
    expect(budget.sizeBytes).toBe(80);
  });

  it('evicts the oldest first when entries run out', () => {
    const { budget, entry, evicted } = setUp({ maxBytes: 1000, maxEntries: 2 });
    const entries = [entry(1), entry(1), entry(1)];
    for (const one of entries) budget.add(one);
    expect(evicted).toEqual([entries[0]]);
  });

  it('spares what was hit since it last looked', () => {
    const { budget, entry, evicted, collected } = setUp({ maxBytes: 100, maxEntries: Infinity });
    const [hit, idle, next] = [entry(40), entry(40), entry(40)];
    budget.add(hit);
    budget.add(idle);
    hit.hits = 3;
    budget.add(next);
    expect(evicted).toEqual([idle]);
    expect(collected()).toBe(3);
  });

  it('refuses what is larger than everything it may hold, and evicts nothing for it', () => {
    const { budget, entry, evicted } = setUp({ maxBytes: 100, maxEntries: Infinity });
    budget.add(entry(60));
    expect(budget.add(entry(101))).toBe(false);
    expect(evicted).toEqual([]);
  });

  it('drops promises that nobody asked for, and expired entries, at its slow look', async () => {
    const { budget, entry, evicted, clock } = setUp({ maxBytes: 1000, maxEntries: Infinity });
    const [hit, idle, expired] = [entry(10), entry(10), entry(10, 1)];
    for (const one of [hit, idle, expired]) {
      one.out = Promise.resolve();
      budget.add(one);
    }
    hit.hits = 1;
    await clock.advance(30_001);
    expect(hit.out).toBeInstanceOf(Promise);
    expect(idle.out).toBeUndefined();
    expect(evicted).toEqual([expired]);
    expect(budget.entries).toBe(2);
  });

  it('leaves its entries to their sites when it is disposed of: another budget can have them', () => {
    const { budget, entry, evicted } = setUp({ maxBytes: 100, maxEntries: Infinity });
    const [first, second] = [entry(10), entry(10)];
    budget.add(first);
    budget.add(second);
    budget.dispose();
    expect([budget.has(first), budget.has(second), budget.entries, budget.sizeBytes]).toEqual([
      false,
      false,
      0,
      0,
    ]);
    expect(evicted).toEqual([]);
    const other = setUp({ maxBytes: 100, maxEntries: Infinity }).budget;
    other.remove(first);
    other.add(second);
    expect([other.has(first), other.entries, other.sizeBytes]).toEqual([false, 1, 10]);
  });

  it('agrees with a Set in order of age, whatever is added, removed and hit', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add'), number: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ do: fc.constantFrom('remove', 'hit'), number: fc.nat(12) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { budget, entry, evicted } = setUp({ maxBytes: 200, maxEntries: 8 });
        const model = new Model(200, 8);
        for (const { do: what, number } of steps) {
          const chosen = [...model.marks.keys()][number];
          if (what === 'add') {
            const added = entry(number);
            model.add(added);
            budget.add(added);
          } else if (chosen !== undefined && what === 'remove') {
            model.marks.delete(chosen);
            budget.remove(chosen);
          } else if (chosen !== undefined) {
            model.marks.set(chosen, true);
            chosen.hits++;
          }
          expect(evicted).toEqual(model.evicted);
          expect(budget.entries).toBe(model.marks.size);
          expect(budget.sizeBytes).toBe(model.sizeBytes());
        }
      }),
    );
  });
});

/** Entries by age; a marked one moves to the end instead of going. */
class Model {
  readonly marks = new Map<MemoryEntry, boolean>();
  readonly evicted: MemoryEntry[] = [];
  readonly maxBytes: number;
  readonly maxEntries: number;

  constructor(maxBytes: number, maxEntries: number) {
    this.maxBytes = maxBytes;
    this.maxEntries = maxEntries;
  }

  sizeBytes(): number {
    return [...this.marks.keys()].reduce((sum, one) => sum + one.sizeBytes, 0);
  }

  add(added: MemoryEntry): void {
    while (this.sizeBytes() + added.sizeBytes > this.maxBytes || this.marks.size >= this.maxEntries) {
      const [oldest, isMarked] = [...this.marks][0] ?? [];
      if (oldest === undefined) break;
      this.marks.delete(oldest);
      if (isMarked === true) this.marks.set(oldest, false);
      else this.evicted.push(oldest);
    }
    this.marks.set(added, false);
  }
}
