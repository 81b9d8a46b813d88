import { beforeEach, describe, expect, it } from 'vitest';
import type { LogRecord, SyncAnswer } from '../../../runtime/backend/log-capability.ts';
import { REDO_FIRST_MS } from '../../../runtime/coherence/constants.ts';
import { Journal } from '../../../runtime/coherence/journal.ts';
import { Knowledge } from '../../../runtime/coherence/knowledge.ts';
import { RedoPlan } from '../../../runtime/coherence/redo-plan.ts';
import { View } from '../../../runtime/coherence/view.ts';
import { manualClock, type ManualClock } from '../../../runtime/testing/index.ts';

const INC = 8e15;

let clock: ManualClock;
let view: View;
let knowledge: Knowledge;
let told: string[];
let redone: string[];

beforeEach(() => {
  clock = manualClock();
  told = [];
  redone = [];
  view = new View(clock);
  knowledge = new Knowledge({
    view,
    journal: new Journal(clock),
    redo: new RedoPlan({
      clock,
      random: () => 0,
      redo: (kind, subject) => redone.push(`${kind} ${subject}`),
    }),
    listener: {
      keyGone: (key) => told.push(`key ${key}`),
      groupGone: (id) => told.push(`group ${id}`),
      everythingUnverified: () => told.push('unverified'),
      reset: () => told.push('reset'),
    },
    isOwn: (id) => id.startsWith('own'),
  });
  knowledge.restart(answer({ head: 100 }));
  told.length = 0;
});

function answer(part: Partial<SyncAnswer>): SyncAnswer {
  return { inc: INC, head: 100, floor: 0, nowUs: 100, groups: [], tail: [], ...part };
}

function record(previous: number, position: number, part: Partial<LogRecord> = {}): LogRecord {
  const id = `other-${position}`;
  return { inc: INC, previous, position, id, kind: 'key', subject: `k${position}`, redone: false, ...part };
}

describe('a record', () => {
  it('that follows on the head is applied', () => {
    expect(knowledge.follow(record(100, 110))).toBe(true);
    expect(knowledge.follow(record(110, 111, { kind: 'group', subject: 't:t' }))).toBe(true);
    expect(knowledge.follow(record(111, 120, { kind: 'raise', subject: '' }))).toBe(true);
    expect(view.head).toBe(120);
    expect(told).toEqual(['key k110', 'group t:t']);
  });

  it('that names another predecessor is not: before it something was missed, or the server had gone back', () => {
    expect(knowledge.follow(record(105, 110))).toBe(false);
    expect(knowledge.follow(record(90, 110))).toBe(false);
    expect([view.head, told]).toEqual([100, []]);
  });

  it('of another registry is not', () => {
    expect(knowledge.follow(record(100, 110, { inc: INC + 1 }))).toBe(false);
    expect(view.head).toBe(100);
  });

  it('that comes twice is applied once; an unknown one below the head is not believed', () => {
    knowledge.follow(record(100, 110));
    expect(knowledge.follow(record(100, 110))).toBe(true);
    expect(told).toEqual(['key k110']);
    expect(knowledge.follow(record(100, 109))).toBe(false);
  });

  it.each([
    ['position', record(100, Number.NaN)],
    ['predecessor', record(Number.NaN, 110)],
    ['order', record(100, 100)],
    ['incarnation', record(100, 110, { inc: 0.5 })],
  ])('whose %s is no number that can be is not applied', (_, odd) => {
    expect(knowledge.follow(odd)).toBe(false);
    expect(view.head).toBe(100);
  });
});

describe('an own record', () => {
  const target = { kind: 'key', subject: 'mine', group: 'f:f', redone: false } as const;

  it('moves the head if there was nothing between', () => {
    knowledge.appended(target, 'own-1', { inc: INC, previous: 100, position: 110 });
    expect(view.head).toBe(110);
    expect(told).toEqual([]); // it was told when it began
  });

  it('leaves the head if there was something: that is still to come', () => {
    knowledge.appended(target, 'own-1', { inc: INC, previous: 105, position: 110 });
    expect(view.head).toBe(100);
    expect(knowledge.follow(record(100, 105))).toBe(true);
    expect(knowledge.follow(record(105, 110, { id: 'own-1', subject: 'mine' }))).toBe(true);
    expect(view.head).toBe(110);
    expect(told).toEqual(['key k105']);
  });

  it('that is done again is told: until now the old entry counted', () => {
    const again = { ...target, redone: true };
    knowledge.appended(again, 'own-2', { inc: INC, previous: 100, position: 110 });
    expect(told).toEqual(['key mine']);
  });
});

describe('a synchronisation', () => {
  it('that joins tells what came, and nothing else', () => {
    const tail = [record(100, 110), record(110, 120, { kind: 'group', subject: 't:t' })];
    expect(knowledge.catchUp(answer({ head: 120, groups: [['t:t', 120]], tail }), 100)).toEqual([]);
    expect(told).toEqual(['group t:t', 'key k110', 'group t:t']);
    expect(view.head).toBe(120);
  });

  it.each([
    ['does not reach back', { head: 120, tail: [record(110, 120)] }],
    ['has a hole', { head: 130, tail: [record(100, 110), record(120, 130)] }],
    ['ends before the registry', { head: 120, tail: [record(100, 110)] }],
    ['is gone', { head: 120, tail: [] }],
  ])('whose log %s leaves no single key trusted', (_, part) => {
    knowledge.catchUp(answer(part), 100);
    expect(told[0]).toBe('unverified');
    expect(view.head).toBe(part.head);
  });

  it('with a server that has lost records plans them again: own ones at once', async () => {
    knowledge.appended({ kind: 'group', subject: 't:t', group: 't:t', redone: false }, 'own-1', {
      inc: INC,
      previous: 100,
      position: 110,
    });
    knowledge.follow(record(110, 120));
    // It handed out 110 once more, and knows nothing of either record.
    const tail = [record(100, 110, { id: 'other-a', subject: 'k' })];
    expect(knowledge.catchUp(answer({ head: 110, nowUs: 120, tail }), 120)).toEqual([]);
    expect(redone).toEqual(['group t:t']);
    await clock.advance(REDO_FIRST_MS);
    expect(redone).toEqual(['group t:t', 'key k120', 'key k']);
    expect(view.head).toBe(120);
    expect(told).toEqual(['key k120', 'key k']);
  });

  it('with a log that was cut asks about groups, and does nothing again by itself', () => {
    knowledge.follow(record(100, 110));
    knowledge.follow(record(110, 120, { kind: 'group', subject: 't:t' }));
    const doubtful = knowledge.catchUp(answer({ head: 130, tail: [record(120, 130)] }), 120);
    expect(doubtful.map(({ subject }) => subject)).toEqual(['t:t']);
    expect(redone).toEqual([]);
  });

  it('with as many groups as an answer holds forgets those it does not name', () => {
    knowledge.follow(record(100, 110, { kind: 'group', subject: 't:old' }));
    const groups = Array.from({ length: 10_000 }, (_, at) => [`t:${at}`, 20_000 - at] as const);
    knowledge.catchUp(answer({ head: 20_000, groups }), 110);
    expect(view.valid({ inc: INC, born: 105 }, ['t:old'], 'k')).toBe('unknown');
    expect(view.valid({ inc: INC, born: 15_000 }, ['t:9999'], 'k')).toBe('valid');
    expect(view.valid({ inc: INC, born: 15_000 }, ['t:0'], 'k')).toBe('invalid');
  });
});
