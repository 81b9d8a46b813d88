import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACK_WAIT_MS,
  CLOSE_MS,
  CONTACT_MS,
  OFFLINE_MS,
  QUEUE_SIZE,
} from '../../../runtime/coherence/constants.ts';
import { groupId } from '../../../runtime/coherence/group-id.ts';
import { manualClock, recordEvents, type ManualClock } from '../../../runtime/testing/index.ts';
import { CachedProcess, FUNCTION_ID, TAG_ID } from './cached-process.ts';
import { UnreliableStore } from './unreliable-store.ts';

const KEY = 'ck1:{a}';
const IDS = [FUNCTION_ID, TAG_ID];

let clock: ManualClock;
let store: UnreliableStore;
let version: number;
const processes: CachedProcess[] = [];

beforeEach(() => {
  clock = manualClock();
  store = new UnreliableStore({ clock, fate: () => ({ thereMs: 1, backMs: 1 }) });
  version = 0;
});

afterEach(async () => {
  for (const { coherence } of processes.splice(0)) void coherence.close();
  await clock.advance(CLOSE_MS);
});

async function processesOf(count: number): Promise<CachedProcess[]> {
  const source = { version: () => version };
  const made = Array.from({ length: count }, (_, at) => new CachedProcess(store, source, () => at / count));
  processes.push(...made);
  await clock.advance(100);
  for (const { heard } of made) heard.length = 0;
  return made;
}

/** The promise's value while time passes; undefined if it is not there after `mostMs`. */
async function soon<T>(promise: Promise<T>, mostMs = 1000): Promise<T | undefined> {
  let value: T | undefined;
  void promise.then((settled) => (value = settled));
  for (let spentMs = 0; spentMs < mostMs && value === undefined; spentMs += 5) await clock.advance(5);
  return value;
}

/** Everybody holds the current version in memory. */
async function warm(all: readonly CachedProcess[]): Promise<void> {
  for (const one of all) await soon(one.call(KEY));
}

const served = async (all: readonly CachedProcess[]): Promise<(number | undefined)[]> => {
  const versions: (number | undefined)[] = [];
  for (const one of all) versions.push(await soon(one.call(KEY)));
  return versions;
};

describe('an invalidation', () => {
  it('is local at once, acknowledged when the registry has it, and heard by the others', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here, there]);
    expect(here.runs + there.runs).toBe(1);
    version = 1;
    const done = here.coherence.invalidateKey(KEY, FUNCTION_ID);
    expect(here.memory.size).toBe(0);
    expect(await soon(done)).toBe(true);
    expect(there.heard).toEqual([`key ${KEY}`]);
    expect(here.heard).toEqual([`key ${KEY}`]); // once, though its record came back
    expect(await served([here, there])).toEqual([1, 1]);
    expect(here.runs + there.runs).toBe(2);
  });

  it('of a group reaches all its entries, also those of tags', async () => {
    const all = await processesOf(3);
    await warm(all);
    version = 1;
    expect(await soon(all[2]?.coherence.invalidateGroup(TAG_ID) ?? Promise.resolve(false))).toBe(true);
    expect(all[0]?.heard).toEqual([`group ${TAG_ID}`]);
    expect(await served(all)).toEqual([1, 1, 1]);
  });

  it('is told to observers as remote where it came from elsewhere', async () => {
    const told = recordEvents('cachekit:invalidate');
    const [here] = (await processesOf(2)) as [CachedProcess];
    await soon(here.coherence.invalidateKey(KEY, FUNCTION_ID));
    await soon(here.coherence.invalidateGroup(groupId('namespace', 'shop')));
    told.stop();
    expect(told.events).toEqual([
      { scope: 'call', origin: 'remote', complete: true },
      { scope: 'namespace', origin: 'remote', complete: true },
    ]);
  });

  it('before the first synchronisation waits for it', async () => {
    const one = new CachedProcess(store, { version: () => version });
    processes.push(one);
    expect(one.coherence.stamp()).toBeUndefined();
    expect(one.coherence.ready()).toBe(false);
    expect(await soon(one.coherence.invalidateKey(KEY, FUNCTION_ID))).toBe(true);
    expect(store.log.map(({ subject }) => subject)).toEqual([KEY]);
  });

  it('that the registry does not hear says so after 2 s, and is carried out when it can be', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here, there]);
    here.client.setReachable(false);
    version = 1;
    const done = here.coherence.invalidateKey(KEY, FUNCTION_ID);
    expect(await soon(done, ACK_WAIT_MS - 10)).toBeUndefined();
    expect(await soon(done, 20)).toBe(false);
    expect(await served([here])).toEqual([1]); // here it holds all the same
    here.client.setReachable(true);
    await clock.advance(1000);
    expect(there.heard).toEqual([`key ${KEY}`]);
  });

  it('in an outage costs one run: what began after it may be kept', async () => {
    const [here] = (await processesOf(1)) as [CachedProcess];
    here.client.setReachable(false);
    void here.coherence.invalidateGroup(FUNCTION_ID);
    const stamp = here.coherence.stamp();
    expect(stamp && here.coherence.check(stamp, IDS, KEY)).toBe('valid');
    // But nothing of the store: nobody knows when that was made.
    expect(here.coherence.check({ inc: stamp?.inc ?? 0, born: 1e16 }, IDS, KEY)).toBe('invalid');
  });

  it('gives the stamp for a value that replaces what was invalidated', async () => {
    const [here] = (await processesOf(1)) as [CachedProcess];
    const done = here.coherence.invalidateKey(KEY, FUNCTION_ID);
    expect(here.coherence.stampOfKey(KEY)).toBeUndefined();
    await soon(done);
    const stamp = here.coherence.stampOfKey(KEY);
    expect(stamp?.born).toBe(store.log.at(-1)?.position);
    expect(stamp && here.coherence.check({ inc: stamp.inc, born: stamp.born }, IDS, KEY)).toBe('valid');
  });

  it('answered by another registry is sent again to that one', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here, there]);
    store.evictRegistry();
    version = 1;
    expect(await soon(here.coherence.invalidateGroup(FUNCTION_ID))).toBe(true);
    expect(store.counts.get('append')).toBe(2);
    expect(here.coherence.stamp()?.inc).toBe(store.registry?.inc);
    expect(store.registry?.groups.has(FUNCTION_ID)).toBe(true);
    await clock.advance(1200);
    expect(await served([here, there])).toEqual([1, 1]);
  });

  it('too many keys become their function', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    here.client.setReachable(false);
    for (let at = 0; at <= QUEUE_SIZE + 100; at++)
      void here.coherence.invalidateKey(`ck1:{${at}}`, FUNCTION_ID);
    await clock.advance(3000);
    here.client.setReachable(true);
    await clock.advance(2000);
    expect(there.heard).toContain(`group ${FUNCTION_ID}`);
    expect(store.log.length).toBeLessThan(300);
  });

  it('too many groups make everything invalid, by another registry', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here, there]);
    const before = store.registry?.inc ?? 0;
    here.client.setReachable(false);
    version = 1;
    for (let at = 0; at <= QUEUE_SIZE + 100; at++) void here.coherence.invalidateGroup(`t:${at}`);
    const last = here.coherence.invalidateGroup('t:last');
    expect(await served([here])).toEqual([1]);
    here.client.setReachable(true);
    expect(await soon(last, ACK_WAIT_MS)).toBe(true);
    expect(store.registry?.inc).toBeGreaterThan(before);
    await clock.advance(1200);
    expect(there.heard).toContain('reset');
    expect(await served([here, there])).toEqual([1, 1]);
  });
});

describe('the link', () => {
  it('is resumed where it was: what came meanwhile is told, and nothing else is dropped', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here, there]);
    there.client.setReachable(false);
    await soon(here.coherence.invalidateKey('ck1:{b}', FUNCTION_ID));
    await soon(here.coherence.invalidateKey('ck1:{c}', FUNCTION_ID));
    there.client.setReachable(true);
    await clock.advance(600);
    expect(there.heard).toEqual(['key ck1:{b}', 'key ck1:{c}']);
    expect(there.memory.size).toBe(1);
  });

  it('broken every 50 ms still hears everything', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    const subjects = Array.from({ length: 40 }, (_, at) => `ck1:{${at}}`);
    for (const subject of subjects) {
      void here.coherence.invalidateKey(subject, FUNCTION_ID);
      there.client.breakLink();
      await clock.advance(50);
    }
    await clock.advance(600);
    expect(there.heard.toSorted()).toEqual(subjects.map((subject) => `key ${subject}`).toSorted());
  });

  it('finds within a second that the log was lost, and then trusts no single key, but all groups', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here, there]);
    there.client.setReachable(false);
    version = 1;
    await soon(here.coherence.invalidateKey(KEY, FUNCTION_ID));
    await soon(here.coherence.invalidateGroup('t:other'));
    store.evictLog();
    there.client.setReachable(true);
    await clock.advance(1200);
    expect(there.heard).toEqual(['unverified', 'group t:other']);
    expect(await served([there])).toEqual([1]);
  });

  it('finds within a second that the registry was lost', async () => {
    const [here] = (await processesOf(1)) as [CachedProcess];
    const before = here.coherence.stamp()?.inc ?? 0;
    store.flush();
    await clock.advance(1200);
    expect(here.heard).toEqual(['reset']);
    expect(here.coherence.stamp()?.inc).toBeGreaterThan(before);
  });

  it('does not go back to an older registry', async () => {
    const [here] = (await processesOf(1)) as [CachedProcess];
    const first = here.coherence.stamp()?.inc ?? 0;
    store.flush();
    await clock.advance(1200);
    const second = here.coherence.stamp()?.inc ?? 0;
    store.failOver('log', 1); // and there is the first one again
    expect(store.registry?.inc ?? 0).toBeLessThan(second);
    await clock.advance(1200);
    expect(second).toBeGreaterThan(first);
    expect(here.coherence.stamp()?.inc).toBeGreaterThan(second);
  });

  it('that is silent is noticed after 3 s, told once, and told again when it is back', async () => {
    const told = recordEvents('cachekit:state');
    const [here] = (await processesOf(1)) as [CachedProcess];
    await clock.advance(5000);
    expect(here.coherence.contact().isCutOff).toBe(false);
    here.client.setReachable(false);
    const lastMs = here.coherence.contact().serveUntilMs - OFFLINE_MS;
    expect(clock.monotonicMs() - lastMs).toBeLessThanOrEqual(2100);
    await clock.advance(CONTACT_MS + 10);
    expect(here.coherence.contact()).toEqual({ isCutOff: true, serveUntilMs: lastMs + OFFLINE_MS });
    await clock.advance(20_000);
    here.client.setReachable(true);
    await clock.advance(600);
    expect(here.coherence.contact().isCutOff).toBe(false);
    told.stop();
    expect(told.events).toEqual([
      { subject: 'bus', backend: 'ck1', state: 'down' },
      { subject: 'bus', backend: 'ck1', state: 'up' },
    ]);
  });

  it('that hangs without breaking is given up, and another is made', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    there.client.setReachable(false, 'silent');
    await clock.advance(20);
    there.client.setReachable(true);
    await soon(here.coherence.invalidateKey(KEY, FUNCTION_ID));
    await clock.advance(3000);
    expect(there.heard).toEqual([`key ${KEY}`]);
  });

  it('counts from when it was asked: an answer may have lain unread while the process was stopped', async () => {
    const [here] = (await processesOf(1)) as [CachedProcess];
    await clock.advance(3000);
    const { serveUntilMs } = here.coherence.contact();
    expect(serveUntilMs - OFFLINE_MS).toBeLessThan(clock.monotonicMs());
    store.fate = () => ({ thereMs: 1, backMs: 1400 });
    await clock.advance(2600);
    const lastMs = here.coherence.contact().serveUntilMs - OFFLINE_MS;
    expect(clock.monotonicMs() - lastMs).toBeGreaterThanOrEqual(1400);
  });
});

describe('after a failover', () => {
  it('that lost the deletes, the entry is deleted again, though who did it is gone', async () => {
    const [first, second, third] = (await processesOf(3)) as [CachedProcess, CachedProcess, CachedProcess];
    await warm([first]);
    expect(store.entry(KEY)?.version).toBe(0);
    version = 1;
    expect(await soon(third.coherence.invalidateKey(KEY, FUNCTION_ID))).toBe(true);
    third.client.die();
    store.failOver('keys', 2);
    expect(store.entry(KEY)?.version).toBe(0);
    await clock.advance(5100);
    expect(store.entry(KEY)).toBeUndefined();
    // One of the two was first, and the other heard of it.
    expect(store.log.filter(({ redone }) => redone)).toHaveLength(1);
    store.evictLog();
    const [fresh] = (await processesOf(1)) as [CachedProcess];
    expect(await served([fresh, first, second])).toEqual([1, 1, 1]);
  });

  it('that lost the record of a group, the registry gets it again', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here, there]);
    version = 1;
    await soon(here.coherence.invalidateGroup(TAG_ID));
    store.failOver('log', 1);
    expect(store.registry?.groups.has(TAG_ID)).toBe(false);
    await clock.advance(5100);
    expect(store.registry?.groups.has(TAG_ID)).toBe(true);
    const [fresh] = (await processesOf(1)) as [CachedProcess];
    expect(await served([fresh, there])).toEqual([1, 1]);
  });

  it('a record that comes late is taken for one whose deletes were lost, for who made it may be gone', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here]);
    version = 1;
    void there.coherence.invalidateKey(KEY, FUNCTION_ID);
    await clock.advance(3);
    store.fate = () => ({ thereMs: 30, backMs: 1 });
    await clock.advance(1); // both deletes are done, the record is on its way
    store.fate = () => ({ thereMs: 1, backMs: 1 });
    store.failOver('keys', 2);
    await clock.advance(29); // the other has synchronised by now
    expect(store.log).toEqual([]);
    await clock.advance(1);
    expect(store.log.map(({ subject }) => subject)).toEqual([KEY]);
    there.client.die(); // before it hears that the record is there, or of the failover
    expect(store.entry(KEY)?.version).toBe(0);
    await clock.advance(5100);
    expect(store.entry(KEY)).toBeUndefined();
    expect(await served([here])).toEqual([1]);
  });

  it('in the middle of an invalidation, it is begun anew before it is acknowledged', async () => {
    const [here] = (await processesOf(1)) as [CachedProcess];
    await warm([here]);
    version = 1;
    const done = here.coherence.invalidateKey(KEY, FUNCTION_ID);
    await clock.advance(4); // both deletes are done, the record is on its way
    expect(store.entry(KEY)).toBeUndefined();
    store.failOver('keys', 2);
    expect(store.entry(KEY)?.version).toBe(0);
    const entryThen = done.then((isAcked) => [isAcked, store.entry(KEY)]);
    expect(await soon(entryThen)).toEqual([true, undefined]);
  });

  it('whose clock is behind, positions go on rising', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    await warm([here, there]);
    await soon(here.coherence.invalidateGroup('t:other'));
    store.skewUs = -3_600_000_000;
    store.failOver('log', 1);
    version = 1;
    expect(await soon(there.coherence.invalidateGroup(TAG_ID))).toBe(true);
    await clock.advance(5100);
    const [fresh] = (await processesOf(1)) as [CachedProcess];
    expect(await served([here, there, fresh])).toEqual([1, 1, 1]);
  });
});

it('nothing is done again where nothing was lost: after an idle time, a lost link, a lost log', async () => {
  const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
  await soon(here.coherence.invalidateKey(KEY, FUNCTION_ID));
  await soon(there.coherence.invalidateGroup(TAG_ID));
  there.client.breakLink();
  await clock.advance(10_000);
  await clock.advance(600_000);
  here.client.breakLink();
  await clock.advance(10_000);
  await soon(here.coherence.invalidateGroup(TAG_ID));
  await clock.advance(1000);
  store.evictLog();
  here.client.breakLink();
  there.client.breakLink();
  await clock.advance(10_000);
  expect(store.log.filter(({ redone }) => redone)).toEqual([]);
  expect(there.heard.filter((what) => what.startsWith('group'))).toHaveLength(2);
});

describe('the end', () => {
  it('sends what waits, and nothing runs afterwards', async () => {
    const [here, there] = (await processesOf(2)) as [CachedProcess, CachedProcess];
    void here.coherence.invalidateKey(KEY, FUNCTION_ID);
    const closed = here.coherence.close().then(() => true);
    expect(await soon(closed, 50)).toBe(true);
    expect(there.heard).toEqual([`key ${KEY}`]);
    const before = store.counts.get('sync');
    await clock.advance(20_000);
    expect(store.counts.get('sync')).toBe(before);
    expect(await here.coherence.invalidateKey(KEY, FUNCTION_ID)).toBe(false);
  });

  it('comes within 400 ms when nothing can be sent, and who waits hears no', async () => {
    const [here] = (await processesOf(1)) as [CachedProcess];
    here.client.setReachable(false);
    const done = here.coherence.invalidateKey(KEY, FUNCTION_ID);
    const closed = here.coherence.close().then(() => true);
    expect(await soon(closed, CLOSE_MS + 10)).toBe(true);
    expect(await done).toBe(false);
  });

  it('before the first synchronisation ends the wait for it', async () => {
    store.fate = () => ({ thereMs: undefined, backMs: undefined });
    const one = new CachedProcess(store, { version: () => version });
    const ready = one.coherence.whenReady();
    void one.coherence.close();
    expect(await soon(ready)).toBe(false);
  });
});

describe('groups that a process does not hold', () => {
  it('are asked for once, however many ask', async () => {
    const [here] = (await processesOf(1)) as [CachedProcess];
    // More than one answer holds: the view begins with the newest only.
    store.fillRegistry(10_050);
    const [fresh] = (await processesOf(1)) as [CachedProcess];
    const old = { inc: here.coherence.stamp()?.inc ?? 0, born: store.registry?.groups.get('t:10') ?? 0 };
    expect(fresh.coherence.check(old, ['t:5'], KEY)).toBe('unknown');
    const answers = [1, 2, 3].map(() => fresh.coherence.lookup(old, ['t:5', 't:6'], KEY));
    expect(await soon(Promise.all(answers))).toEqual([true, true, true]);
    expect(await soon(fresh.coherence.lookup(old, ['t:11'], KEY))).toBe(false);
    expect(store.counts.get('positions')).toBe(2);
    expect(fresh.coherence.check(old, ['t:5'], KEY)).toBe('valid');
  });

  it('are taken for invalid when nobody answers', async () => {
    store.fillRegistry(10_050);
    const [fresh] = (await processesOf(1)) as [CachedProcess];
    const old = { inc: fresh.coherence.stamp()?.inc ?? 0, born: store.registry?.groups.get('t:10') ?? 0 };
    fresh.client.setReachable(false);
    expect(await soon(fresh.coherence.lookup(old, ['t:5'], KEY))).toBe(false);
  });
});
