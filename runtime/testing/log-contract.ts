// The contract for the registry and the log of a backend.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppendAnswer, LogCapability, LogPlace, LogRecord } from '../backend/log-capability.ts';
import { ends, freshHex, freshKey, freshName, never, type ContractCase } from './contract-case.ts';
import { appendOf, syncOf, synced } from './log-requests.ts';

interface Logged {
  readonly log: LogCapability;
  /** Position of a process that has joined and seen everything. */
  readonly place: LogPlace;
  readonly bump: (
    subject: string,
    extra?: Partial<Parameters<LogCapability['appendGroup']>[0]>,
  ) => Promise<AppendAnswer>;
}

function loggedCase(name: string, check: (logged: Logged) => Promise<void>): ContractCase {
  return {
    name,
    async check({ log }) {
      if (log === undefined) return;
      const place = await synced(log, freshName());
      await check({
        log,
        place,
        bump: (subject, extra) => log.appendGroup({ ...appendOf(place, subject), ...extra }, never()),
      });
    },
  };
}

async function positionsOf({ log, place }: Logged, ...ids: string[]): Promise<readonly number[]> {
  return (await log.positions(place, ids, never())).positions;
}

/** All records after the place. Asserts that each one follows the one before. */
async function readAll({ log, place }: Logged, until: number): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  let head = place.head;
  while (head < until) {
    const { records } = await log.follow({ ...place, head }, 1000, never());
    assert.ok(records.length > 0, 'records are missing');
    for (const record of records) {
      assert.equal(record.previous, head);
      assert.ok(record.position > head, 'positions must rise');
      head = record.position;
    }
    all.push(...records);
  }
  return all;
}

/** Cases for backends with a log. */
export const LOG_CASES: readonly ContractCase[] = [
  {
    name: 'log: the first process makes the registry, others join it',
    async check({ log }) {
      if (log === undefined) return;
      const request = syncOf({ prefix: freshName(), inc: 0, head: 0 });
      const first = await log.sync(request, never());
      assert.equal(first.inc, request.spareInc);
      assert.ok(first.head > 0 && Number.isSafeInteger(first.head));
      assert.ok(Math.abs(first.nowUs / 1000 - Date.now()) < 3_600_000, 'nowUs is µs since the epoch');
      assert.deepEqual([first.groups, first.tail], [[], []]);
      assert.ok(first.floor === 0 || first.floor === first.head);
      const second = await log.sync(syncOf({ ...request, inc: 0 }), never());
      assert.deepEqual([second.inc, second.head], [first.inc, first.head]);
    },
  },
  loggedCase('log: each record names its predecessor, and positions rise', async (logged) => {
    const { place, bump } = logged;
    const answers: AppendAnswer[] = [];
    for (const id of ['t:a', 't:b', 't:a']) answers.push(await bump(id));
    let { head } = place;
    for (const answer of answers) {
      assert.equal(answer.inc, place.inc);
      assert.equal(answer.previous, head);
      assert.ok(answer.position > head && Number.isSafeInteger(answer.position));
      head = answer.position;
    }
    const records = await readAll(logged, head);
    assert.deepEqual(
      records.map(({ subject, position }) => [subject, position]),
      ['t:a', 't:b', 't:a'].map((id, at) => [id, answers[at]?.position]),
    );
    assert.deepEqual(await positionsOf(logged, 't:a', 't:b', 't:c'), [
      answers[2]?.position,
      answers[1]?.position,
      0,
    ]);
  }),
  {
    name: 'log: syncNow, where there is one, answers as sync does, and makes nothing',
    async check({ log }) {
      if (log?.syncNow === undefined) return;
      const request = syncOf({ prefix: freshName(), inc: 0, head: 0 });
      assert.equal(log.syncNow(request), undefined, 'there is no registry yet');
      const { inc, head } = await log.sync(request, never());
      await log.appendGroup(appendOf({ ...request, inc, head }, 't:a'), never());
      const [now, later] = [log.syncNow(request), await log.sync(request, never())];
      assert.deepEqual({ ...now, nowUs: 0 }, { ...later, nowUs: 0 });
      assert.equal(
        log.syncNow({ ...request, inc, head: later.head + 1 }),
        undefined,
        'it would have to be raised',
      );
    },
  },
  loggedCase('log: a record says what it was given', async (logged) => {
    const { log, place, bump } = logged;
    const [key, first, second] = [freshKey(), freshHex(16), freshHex(16)];
    await bump('t:a', { recordId: first, redone: true });
    const { position } = await log.appendKey({ ...appendOf(place, key), recordId: second }, never());
    const records = await readAll(logged, position);
    assert.deepEqual(
      records.map(({ inc, id, kind, subject, redone }) => ({ inc, id, kind, subject, redone })),
      [
        { inc: place.inc, id: first, kind: 'group', subject: 't:a', redone: true },
        { inc: place.inc, id: second, kind: 'key', subject: key, redone: false },
      ],
    );
    assert.deepEqual(await positionsOf(logged, key), [0], 'a key is no group');
  }),
  loggedCase('log: a position is above every one its caller knows', async ({ place, bump }) => {
    const known = place.head + 5_000_000_000;
    const { position } = await bump('t:a', { head: known });
    assert.ok(position > known);
    assert.ok((await bump('t:a')).position > position);
  }),
  loggedCase('log: many at once form one chain, and are followed in pieces', async (logged) => {
    const answers = await Promise.all(Array.from({ length: 600 }, (_, i) => logged.bump(`t:${i}`)));
    const last = Math.max(...answers.map((answer) => answer.position));
    const records = await readAll(logged, last);
    assert.equal(new Set(records.map((record) => record.subject)).size, 600);
  }),
  loggedCase('log: sync tells a process what it missed', async ({ log, place, bump }) => {
    const before = await bump('t:before');
    const answers = [await bump('t:a'), await bump('t:b')];
    const head = before.position;
    const { inc, head: last, groups, tail } = await log.sync(syncOf({ ...place, head }), never());
    assert.deepEqual([inc, last], [place.inc, answers[1]?.position]);
    assert.deepEqual(groups, [
      ['t:b', answers[1]?.position],
      ['t:a', answers[0]?.position],
    ]);
    assert.deepEqual(
      tail.map((record) => record.subject),
      ['t:before', 't:a', 't:b'],
    );
  }),
  loggedCase('log: a new process is told of all groups', async ({ log, place, bump }) => {
    const first = await bump('t:a');
    const second = await bump('t:b');
    await bump('t:a');
    const { groups } = await log.sync(syncOf({ ...place, inc: 0, head: 0 }), never());
    assert.deepEqual(
      groups.map(([id]) => id),
      ['t:a', 't:b'],
    );
    assert.equal(groups[1]?.[1], second.position);
    assert.ok((groups[0]?.[1] ?? 0) > first.position);
  }),
  loggedCase(
    'log: a registry older than a process knows is replaced, one that is newer stays',
    async (logged) => {
      const { log, place, bump } = logged;
      await bump('t:a');
      const newer = { ...place, inc: place.inc + 1 };
      const request = syncOf(newer);
      const answer = await log.sync(request, never());
      assert.equal(answer.inc, request.spareInc);
      assert.deepEqual([answer.groups, answer.tail], [[], []]);
      assert.equal(answer.floor, answer.head, 'it cannot say what was invalidated before it');
      assert.deepEqual(await positionsOf(logged, 't:a'), [0]);
      const stayed = await log.sync(syncOf(place), never());
      assert.equal(stayed.inc, request.spareInc);
      assert.equal((await bump('t:a')).inc, request.spareInc);
      const again = appendOf({ ...place, inc: request.spareInc + 1 }, 't:b');
      const { inc, position } = await log.appendGroup(again, never());
      const { floor, head } = await log.sync(syncOf({ ...place, inc, head: position }), never());
      assert.deepEqual([inc, floor, head], [again.spareInc, position, position]);
    },
  ),
  loggedCase('log: a process that knows a larger position raises the head', async ({ log, place, bump }) => {
    const { position: last } = await bump('t:before');
    const raised = last + 5_000_000_000;
    const answer = await log.sync(syncOf({ ...place, head: raised }), never());
    // The answer is from before the raise: it shows the process that the registry has lost what it saw.
    assert.deepEqual([answer.inc, answer.head, answer.groups], [place.inc, last, []]);
    assert.ok(!answer.tail.some(({ kind }) => kind === 'raise'), 'the raise is no news to who made it');
    const { records } = await log.follow({ ...place, head: last }, 1000, never());
    assert.deepEqual(
      records.map(({ kind, subject, previous, position }) => ({ kind, subject, previous, position })),
      [{ kind: 'raise', subject: '', previous: last, position: raised }],
    );
    const { previous, position } = await bump('t:a');
    assert.equal(previous, raised);
    assert.ok(position > raised);
  }),
  loggedCase('log: what the registry forgets raises the floor', async ({ log, place, bump }) => {
    const ids = Array.from({ length: 40 }, (_, i) => `t:${i}`);
    const made: number[] = [];
    for (const id of ids) made.push((await bump(id, { registryMax: 20 })).position);
    const { floor, positions } = await log.positions(place, ids, never());
    assert.ok(positions.filter((position) => position > 0).length <= 20, 'too many groups are kept');
    for (const [at, position] of positions.entries()) {
      const own = made[at] ?? 0;
      assert.ok(position === own || (position === 0 && floor >= own), 'forgotten, and not below the floor');
    }
    assert.equal(positions[39], made[39]);
    assert.equal((await log.sync(syncOf({ ...place, inc: 0, head: 0 }), never())).floor, floor);
  }),
  loggedCase('log: who follows wakes with the next record', async ({ log, place, bump }) => {
    const waiting = log.follow(place, 5000, never());
    await pause(20);
    const { position } = await bump('t:a');
    const { records } = await ends(waiting, 1000, 'it woke late');
    assert.deepEqual(
      records.map((record) => record.position),
      [position],
    );
  }),
  loggedCase('log: who follows in vain hears how the registry stands', async ({ log, place }) => {
    const beganMs = performance.now();
    // Longer than a busy process may be halted, so that a follow which does not wait is noticed.
    const { records, registry } = await log.follow(place, 300, never());
    assert.ok(performance.now() - beganMs >= 290, 'it did not wait');
    assert.deepEqual([records, registry], [[], { inc: place.inc, head: place.head }]);
    const nowhere = await log.follow({ prefix: freshName(), inc: 0, head: 0 }, 50, never());
    assert.deepEqual([nowhere.records, nowhere.registry], [[], undefined]);
  }),
  loggedCase('log: who follows can give up', async ({ log, place }) => {
    const controller = new AbortController();
    const ended = Promise.allSettled([log.follow(place, 60_000, controller.signal)]);
    await pause(20);
    controller.abort();
    await ends(ended, 1000, 'it still waits');
  }),
  loggedCase('log: prefixes know nothing of each other', async (logged) => {
    const other = await synced(logged.log, freshName());
    const { position } = await logged.log.appendGroup(appendOf(other, 't:a'), never());
    assert.deepEqual(await positionsOf(logged, 't:a'), [0]);
    assert.deepEqual((await logged.log.follow(logged.place, 30, never())).records, []);
    const { groups } = await logged.log.sync(syncOf({ ...other, head: 0, inc: 0 }), never());
    assert.deepEqual(groups, [['t:a', position]]);
  }),
];
