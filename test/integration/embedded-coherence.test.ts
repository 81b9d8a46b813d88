// Invalidations, leases and locks of the embedded store: several processes, crashes, and files from before.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { embeddedBackend } from '../../runtime/adapters/embedded/sqlite-backend.ts';
import type { Backend } from '../../runtime/backend/backend.ts';
import type { FenceCapability } from '../../runtime/backend/fence-capability.ts';
import type { LogCapability, LogPlace, LogRecord } from '../../runtime/backend/log-capability.ts';
import { watchLateness, watchStandstill } from '../helpers/lateness.ts';
import { measured } from '../helpers/measured.ts';
import { until } from '../helpers/redis-server.ts';
import { runChild, startChild } from '../helpers/run-child.ts';
import { stepClock } from '../helpers/step-clock.ts';

const signal = new AbortController().signal;
const MINUTE_MS = 60_000;
const PREFIX = 'ck1';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-coherence-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'store');
}

type Coherent = Backend & { readonly fence: FenceCapability; readonly log: LogCapability };

function open(path: string, extra: Partial<Parameters<typeof embeddedBackend>[0]> = {}): Coherent {
  const backend = embeddedBackend({ path, ...extra }) as Coherent; // it has both
  cleanups.push(() => backend.close?.());
  return backend;
}

let serial = 0;
const request = (place: Partial<LogPlace> = {}) => ({
  prefix: PREFIX,
  inc: 0,
  head: 0,
  spareInc: 8e15 + serial++,
  recordId: (serial++).toString(16).padStart(16, '0'),
  ...place,
});
const appendOf = (subject: string, place: Partial<LogPlace> = {}) => ({
  ...request(place),
  subject,
  redone: false,
  registryMax: 1000,
});
async function placeOf({ log }: Coherent): Promise<LogPlace> {
  const { inc, head } = await log.sync(request(), signal);
  return { prefix: PREFIX, inc, head };
}
const fillOf = (key: string, born: number) => ({
  key,
  lease: '',
  value: Uint8Array.of(7),
  ttlMs: MINUTE_MS,
  token: '',
  born,
  ageMs: 0,
});
const lockOf = (key: string, token: string, lockMs = MINUTE_MS) => ({
  key,
  nonce: '0'.repeat(16),
  leaseMs: 120_000,
  token,
  lockMs,
  rejected: undefined,
});

/** What a child needs to use the same store. */
const CHILD = (folder: string): string => `
  import { embeddedBackend } from './runtime/adapters/embedded/sqlite-backend.ts';
  const { fence, log, ...backend } = embeddedBackend({ path: ${JSON.stringify(folder)} });
  const signal = new AbortController().signal;
  const place = { prefix: '${PREFIX}', inc: 0, head: 0, spareInc: 8e15 + 999 };
  let serial = 0;
  const appendOf = (subject) => ({ ...place, recordId: String(serial++).padStart(16, 'f'), subject, redone: false, registryMax: 1000 });
  const lockOf = (key, token) => ({ key, nonce: '', leaseMs: 1, token, lockMs: 60000, rejected: undefined });`;

test('an invalidation by one process is seen by another within 100 ms, and its late fill is refused', async (context) => {
  const folder = temporaryFolder();
  const mine = open(folder);
  let place = await placeOf(mine);
  const { child, ended } = startChild(`${CHILD(folder)}
    process.stdin.resume();
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await log.appendKey(appendOf('ck1:{k}'), signal);
      console.log(Date.now());
    }
    process.exit();`);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const seen: { followsAtMs: number; atMs: number }[] = [];
  const lateness = watchLateness();
  while (seen.length < 20) {
    await mine.set('ck1:{k}', Uint8Array.of(1), MINUTE_MS, signal);
    const followsAtMs = Date.now();
    const { records } = await mine.log.follow(place, 5000, signal);
    const atMs = Date.now();
    for (const record of records) {
      expect(record).toMatchObject({ inc: place.inc, previous: place.head, subject: 'ck1:{k}' });
      expect(await mine.fence.fill(fillOf('ck1:{k}', place.head), signal)).toBe(false);
      seen.push({ followsAtMs, atMs });
      place = { ...place, head: record.position };
    }
  }
  await ended;
  const ackedAtMs = output.trim().split('\n').map(Number);
  // Nobody hears before it listens: what this test writes in between takes its own time.
  const delays = seen
    .map(({ followsAtMs, atMs }, i) => atMs - Math.max(ackedAtMs[i] ?? 0, followsAtMs))
    .sort((a, b) => a - b);
  // All of them: what this process was late is not in it, and what the other one was late makes them shorter.
  const lateMs = lateness();
  expect((delays[19] ?? Infinity) - lateMs).toBeLessThan(100);
  measured(
    context,
    `seen ${delays[10]} ms (median), ${delays[19]} ms (last of 20) after the acknowledgement, on a machine that was ${lateMs.toFixed(0)} ms late`,
  );
});

test('two processes that append make one chain, which a third reads in order', async () => {
  const folder = temporaryFolder();
  const mine = open(folder);
  const place = await placeOf(mine);
  const write = (name: string) =>
    runChild(`${CHILD(folder)}
      for (let i = 0; i < 100; i++) await log.appendGroup(appendOf('t:${name}' + i), signal);`);
  const writing = Promise.all([write('a'), write('b')]);
  const records: LogRecord[] = [];
  let { head } = place;
  while (records.length < 200) {
    const answer = await mine.log.follow({ ...place, head }, 60_000, signal);
    expect(answer.records).not.toEqual([]);
    for (const record of answer.records) {
      expect(record.previous).toBe(head);
      head = record.position;
      records.push(record);
    }
  }
  expect((await writing).map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(new Set(records.map(({ subject }) => subject)).size).toBe(200);
  const late = await mine.log.sync(request(), signal);
  expect(late.head).toBe(head);
  expect(late.groups).toHaveLength(200);
});

test('SIGKILL during invalidations: what was acknowledged stays invalidated and logged', async (context) => {
  let acknowledged = 0;
  for (let round = 0; round < 3; round++) {
    const folder = temporaryFolder();
    const mine = open(folder);
    await Promise.all(
      Array.from({ length: 300 }, (_, i) => mine.set(`ck1:{k${i}}`, Uint8Array.of(1), MINUTE_MS, signal)),
    );
    const { child, ended } = startChild(`${CHILD(folder)}
      for (let i = 0; i < 300; i++)
        log.appendKey(appendOf('ck1:{k' + i + '}'), signal).then(({ position }) => process.stdout.write(i + ' ' + position + '\\n'));
      for (let i = 0; ; i++) await backend.set('x' + i, new Uint8Array(5000), 60000, signal);`);
    let lines = 0;
    child.stdout?.on('data', (chunk: Buffer) => (lines += chunk.toString().split('\n').length - 1));
    await until(() => lines > 0, { what: 'invalidations are acknowledged' });
    child.kill('SIGKILL');
    const acked = (await ended).stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' ').map(Number));
    const { records } = await mine.log.follow({ prefix: PREFIX, inc: 0, head: 0 }, 1000, signal);
    const logged = new Map(records.map((record) => [record.subject, record.position]));
    for (const [i, position] of acked) {
      expect(mine.sync?.get(`ck1:{k${i}}`)).toBeUndefined();
      expect(logged.get(`ck1:{k${i}}`)).toBe(position);
    }
    // All or nothing: what is in the log is gone, what is not is there.
    for (let i = 0; i < 300; i++)
      expect(mine.sync?.get(`ck1:{k${i}}`) === undefined).toBe(logged.has(`ck1:{k${i}}`));
    acknowledged += acked.length;
    await mine.close?.();
  }
  expect(acknowledged).toBeGreaterThan(0);
  measured(context, `3 kills, ${acknowledged} acknowledged, 0 lost`);
});

test('a process that holds a lock and is killed frees it when it ends, and one waiter gets it', async () => {
  const folder = temporaryFolder();
  const clock = stepClock(Date.now());
  const mine = open(folder, { clock });
  const { child, ended } = startChild(`${CHILD(folder)}
    console.log((await fence.begin(lockOf('k', 'theirs'), signal)).kind);
    setInterval(() => undefined, 1000);`);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output !== '', { what: 'the child has the lock' });
  expect(output).toBe('run\n');
  child.kill('SIGKILL');
  await ended;
  expect((await mine.fence.begin(lockOf('k', 'mine'), signal)).kind).toBe('locked');
  await clock.advance(2 * MINUTE_MS);
  const tokens = ['a', 'b', 'c'];
  const all = await Promise.all(tokens.map((token) => mine.fence.begin(lockOf('k', token), signal)));
  expect(all.map(({ kind }) => kind).sort()).toEqual(['locked', 'locked', 'run']);
});

test('a process that is stopped while it writes blocks no read, no follower, and nobody for long', async (context) => {
  const folder = temporaryFolder();
  const mine = open(folder);
  await mine.set('k', Uint8Array.of(1), MINUTE_MS, signal);
  const place = await placeOf(mine);
  // Stops itself inside a transaction.
  const { child, ended } = startChild(`
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(${JSON.stringify(join(folder, 'cache.sqlite'))});
    db.exec("BEGIN IMMEDIATE; INSERT INTO entry VALUES ('x', x'00', 1)");
    console.log('in');
    process.kill(process.pid, 'SIGSTOP');
    db.exec('COMMIT');`);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output === 'in\n', { what: 'the child writes' });
  let withoutLockMs = Infinity;
  // Again when the machine was busy: what the stopped process blocks is blocked each time.
  for (let round = 0; round < 4 && withoutLockMs >= 500; round++) {
    const beganMs = performance.now();
    expect(mine.sync?.get('k')?.[0]).toBe(1);
    expect((await mine.fence.begin(lockOf('k', ''), signal)).kind).toBe('filled');
    expect((await mine.fence.begin(lockOf('absent', ''), signal)).kind).toBe('run');
    expect((await mine.log.follow(place, 60, signal)).registry).toEqual({ inc: place.inc, head: place.head });
    withoutLockMs = performance.now() - beganMs;
  }
  expect(withoutLockMs).toBeLessThan(500);
  const [beganMs, standstill] = [performance.now(), watchStandstill()];
  const refused = await Promise.allSettled([
    mine.fence.begin(lockOf('absent', 'mine'), signal),
    mine.log.appendKey(appendOf('k'), signal),
  ]);
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(performance.now() - beganMs - standstill()).toBeLessThan(2000);
  // Not acknowledged, and not done either.
  expect(mine.sync?.get('k')?.[0]).toBe(1);
  child.kill('SIGCONT');
  await ended;
  await mine.log.appendKey(appendOf('k'), signal);
  expect(mine.sync?.get('k')).toBeUndefined();
  measured(context, `reads, begin and follow took ${withoutLockMs.toFixed(0)} ms together`);
});

test('who gave up waiting for a lock does not hold it afterwards', async () => {
  const folder = temporaryFolder();
  const mine = open(folder);
  await mine.set('warm', Uint8Array.of(1), MINUTE_MS, signal);
  const controller = new AbortController();
  const begun = mine.fence.begin(lockOf('k', 'first'), controller.signal);
  controller.abort();
  await expect(begun).rejects.toMatchObject({ kind: 'timeout' });
  await until(
    async () => {
      const { kind } = await mine.fence.begin(lockOf('k', 'second'), signal);
      return kind === 'run';
    },
    { what: 'the lock is free' },
  );
});

test('a file that another process replaced: followers hear of it, and the new one has another incarnation', async () => {
  const folder = temporaryFolder();
  const mine = open(folder);
  const place = await placeOf(mine);
  await mine.log.appendGroup(appendOf('t:a', place), signal);
  const head = (await placeOf(mine)).head;
  let heard = 0;
  const stop = mine.log.onTopology?.(() => heard++);
  const waiting = mine.log.follow({ ...place, head }, 60_000, signal);
  for (const name of readdirSync(folder)) renameSync(join(folder, name), join(folder, `${name}.bad-1`));
  const other = open(folder);
  const fresh = await placeOf(other);
  expect(fresh.inc).not.toBe(place.inc);
  expect(await waiting).toEqual({ records: [], registry: undefined });
  expect(heard).toBe(1);
  // The process that knew an older one goes on with whichever is larger.
  const synced = await mine.log.sync(request(place), signal);
  expect(synced.inc).toBe(Math.max(fresh.inc, place.inc));
  expect(synced.groups).toEqual([]);
  stop?.();
});

test('a file of the version before keeps its entries and gets the rest', async () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const db = new DatabaseSync(join(folder, 'cache.sqlite'));
  db.exec(`
    CREATE TABLE entry(k TEXT PRIMARY KEY, v BLOB NOT NULL, exp INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX entry_exp ON entry(exp);
    PRAGMA user_version=1;`);
  db.prepare('INSERT INTO entry VALUES (?, ?, ?)').run('k', Uint8Array.of(5), Date.now() + MINUTE_MS);
  db.close();
  const [mine, other] = [open(folder), open(folder)];
  expect((await mine.get('k', signal))?.[0]).toBe(5);
  await mine.log.appendKey(appendOf('k'), signal);
  expect(await other.get('k', signal)).toBeUndefined();
  expect(readdirSync(folder).filter((name) => name.includes('.bad-'))).toEqual([]);
});

test('the log is kept 10 minutes; a fill from before what is gone is refused, others are not', async () => {
  const folder = temporaryFolder();
  const clock = stepClock(Date.now());
  const mine = open(folder, { clock });
  const before = await placeOf(mine);
  await mine.log.appendKey(appendOf('ck1:{k}', before), signal);
  await clock.advance(601_000);
  const now = await mine.log.appendGroup(appendOf('t:a', before), signal);
  const records = async (): Promise<readonly LogRecord[]> =>
    (await mine.log.follow({ ...before, head: 0 }, 10, signal)).records;
  await until(
    async () => {
      // Old records leave with the writes of others, at most once a second.
      await mine.set('other', Uint8Array.of(1), MINUTE_MS, signal);
      return (await records()).length === 1;
    },
    { what: 'the old record is gone' },
  );
  expect(await mine.fence.fill(fillOf('ck1:{k}', before.head), signal)).toBe(false);
  expect(await mine.fence.fill(fillOf('ck1:{other}', before.head), signal)).toBe(false);
  expect(await mine.fence.fill(fillOf('ck1:{k}', now.position), signal)).toBe(true);
  // Another application that shares the file has nothing to do with it.
  const idle = await mine.log.sync({ ...request(), prefix: 'ck2' }, signal);
  expect(await mine.fence.fill(fillOf('ck2:{k}', idle.head), signal)).toBe(true);
  expect(await mine.fence.fill({ ...fillOf('ck1:{k}', now.position), ageMs: 300_000 }, signal)).toBe(false);
});

test('a small store keeps a small log, and a full one can still forget', async () => {
  const mine = open(temporaryFolder(), { maxSizeBytes: 1024 ** 2 });
  for (let i = 0; i < 12; i++)
    await mine.set(`ck1:{k${i}}`, new Uint8Array(100_000), MINUTE_MS, signal).catch(() => undefined);
  const place = await placeOf(mine);
  const subjects = Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? `ck1:{k${i}}` : `t:${i}`));
  const answers = await Promise.all(
    subjects.map((subject, i) =>
      i % 2 === 0
        ? mine.log.appendKey(appendOf(subject, place), signal)
        : mine.log.appendGroup({ ...appendOf(subject, place), registryMax: 1e9 }, signal),
    ),
  );
  expect(new Set(answers.map(({ position }) => position)).size).toBe(3000);
  const { floor, positions } = await mine.log.positions(place, subjects, signal);
  expect(positions.filter((position) => position > 0)).toHaveLength(1024);
  expect(positions.at(-1)).toBe(answers.at(-1)?.position);
  for (const [i, position] of positions.entries())
    expect(i % 2 === 0 || position > 0 || floor >= (answers[i]?.position ?? 0)).toBe(true);
  const { tail } = await mine.log.sync(request({ ...place, head: 0 }), signal);
  expect(tail.length).toBeLessThanOrEqual(1024 + 1);
});

type Kind = 'set' | 'delete' | 'invalidate' | 'fill' | 'replace' | 'group';

function start(
  store: Coherent,
  kind: Kind,
  key: string,
  value: Uint8Array,
  place: LogPlace,
): Promise<unknown> {
  switch (kind) {
    case 'set':
      return store.set(key, value, MINUTE_MS, signal);
    case 'delete':
      return store.delete(key, signal);
    case 'fill':
      return store.fence.fill({ ...fillOf(key, place.head), value }, signal);
    case 'replace':
      return store.fence.replace({ key, expected: Uint8Array.of(1), value, ttlMs: MINUTE_MS }, signal);
    case 'group':
      return store.log.appendGroup(appendOf('t:x', place), signal);
    case 'invalidate':
      return store.log.appendKey(appendOf(key, place), signal);
  }
}

test('whatever is written at the same time, no value from before an invalidation is left after it', async () => {
  const mine = open(temporaryFolder());
  const operation = fc.record({
    kind: fc.constantFrom<Kind>('set', 'delete', 'invalidate', 'fill', 'replace', 'group'),
    which: fc.nat(1),
  });
  const property = fc.asyncProperty(
    fc.array(operation, { minLength: 1, maxLength: 30 }),
    fc.nat(3),
    async (operations, pauses) => {
      const keys = [`ck1:{${serial++}}`, `ck1:{${serial++}}`];
      const place = await placeOf(mine);
      const work: Promise<unknown>[] = [];
      for (const [at, { kind, which }] of operations.entries()) {
        work.push(start(mine, kind, keys[which] ?? '', Uint8Array.of(1, at), place));
        if (pauses > 0 && at % (pauses * 4) === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(work);
      return keys.every((key, which) => {
        const last = operations.findLastIndex((one) => one.kind === 'invalidate' && one.which === which);
        return (mine.sync?.get(key)?.[1] ?? Infinity) > last;
      });
    },
  );
  await expect(fc.assert(property, { numRuns: 150 })).resolves.toBeUndefined();
});

test('a process that follows ends by itself', async () => {
  const folder = temporaryFolder();
  const result = await runChild(`${CHILD(folder)}
    await log.sync({ ...place, recordId: 'r' }, signal);
    log.follow({ ...place, head: 9e15 }, 60000, signal).then(() => console.log('answered'));
    console.log('end');`);
  expect(result).toEqual({ code: 0, stdout: 'end\n', stderr: '' });
});
