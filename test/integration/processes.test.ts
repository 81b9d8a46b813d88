// Several processes, one backend: how often the function runs, who hears of an invalidation, what outlives whom.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { LOCK_WAIT_MS } from '../../runtime/coherence/constants.ts';
import { openFleet, type Fleet, type Program } from '../helpers/cached-processes.ts';
import { watchLateness, watchStandstill, type Late } from '../helpers/lateness.ts';
import { measured } from '../helpers/measured.ts';
import { startRedisServer, until, type RedisServer } from '../helpers/redis-server.ts';

const hasRedis = inject('redisUrl') !== '';
const CALLERS = 250;
/** Each process warms up with one of its own, from the end; 17 of them at most. */
const KEYS = 96;
/** A dead holder's lock ends after 3 s; looks at it are up to 0.3 s apart. */
const FREED_MS = 3500;
/** Of the function, whose holder is hurt: whoever gets the lock then takes as long again. */
const RUN_MS = 500;

/** Begins to ask the server. What it returns ends that and resolves to the longest round trip, ms. */
function watchStore(server: RedisServer | undefined): () => Promise<number> {
  let [isWatching, worstMs] = [server !== undefined, 0];
  const watching = (async () => {
    while (isWatching) {
      const beganMs = performance.now();
      await server?.command('PING').catch(() => '');
      worstMs = Math.max(worstMs, performance.now() - beganMs);
    }
  })();
  return async () => {
    isWatching = false;
    await watching;
    return worstMs;
  };
}

/** How much of the time in between a process did not get: it may be late more than once on the way to its memory. */
const lateWithin = (lates: readonly Late[], fromMs: number, toMs: number): number =>
  lates.reduce((sum, { atMs, lateMs }) => {
    const overlapMs = Math.min(atMs, toMs) - Math.max(atMs - lateMs, fromMs);
    return sum + Math.max(0, overlapMs);
  }, 0);

const stores = [
  ...(hasRedis ? [['Redis', 'redis'] as const] : []),
  ['the embedded store', 'embedded'] as const,
];

describe.each(stores)('processes that share %s', (_, kind) => {
  let fleet: Fleet;
  let server: RedisServer | undefined;
  let all: Program[];
  let keys = 0;
  const backend = (): string => server?.url ?? 'embedded';
  const use = (programs: readonly Program[]): Promise<unknown> =>
    Promise.all(programs.map((one) => one.tell({ do: 'use', backend: backend() })));
  const be = (programs: readonly Program[], runMs: number, fails = false): Promise<unknown> =>
    Promise.all(programs.map((one) => one.tell({ do: 'be', runMs, fails })));
  const burst = async (programs: readonly Program[], key: number) => {
    const order = { do: 'burst', key, callers: CALLERS } as const;
    const said = await Promise.all(
      programs.map((one) =>
        one.tell<{ answers: string[]; count: number; unanswered: number; tookMs: number }>(order),
      ),
    );
    expect(said.map(({ count }) => count)).toEqual(programs.map(() => CALLERS));
    return {
      answers: [...new Set(said.flatMap(({ answers }) => answers))],
      /** Processes that the store, or whoever held the lock, kept waiting for longer than a caller waits. */
      gaveUp: said.filter(({ unanswered, tookMs }) => unanswered > 0 || tookMs >= LOCK_WAIT_MS).length,
    };
  };
  /** Calls of all of them, one of which holds the lock and is hurt as soon as it runs. */
  const hurtHolder = async (programs: readonly Program[], key: number, signal: NodeJS.Signals) => {
    const bursts = programs.map((one) => ({ pid: one.pid, said: burst([one], key).catch(() => undefined) }));
    const standstill = watchStandstill();
    await until(() => fleet.runsOf(key).length > 0, { what: 'somebody runs it' });
    const [holder] = fleet.runsOf(key);
    const beganMs = performance.now();
    programs.find(({ pid }) => pid === holder)?.signal(signal);
    const others = await Promise.all(bursts.filter(({ pid }) => pid !== holder).map(({ said }) => said));
    const waitedMs = performance.now() - beganMs - RUN_MS - standstill();
    const gaveUp = others.reduce((sum, one) => sum + (one?.gaveUp ?? 0), 0);
    return { waitedMs, gaveUp, answers: [...new Set(others.flatMap((one) => one?.answers ?? []))], holder };
  };

  /** A store that does not answer in time acknowledges nothing: it is asked again. */
  const invalidate = async (
    writer: Program,
    what: 'key' | 'all' | 'tags' | 'namespace',
    key: number,
  ): Promise<{ atMs: number }> => {
    let done = { acked: false, atMs: 0 };
    const isDone = async (): Promise<boolean> => {
      const bump = done.atMs === 0;
      done = await writer.tell<typeof done>({ do: 'invalidate', what, keys: [key], bump });
      return done.acked;
    };
    await until(isDone, { what: 'the invalidation is acknowledged' });
    return done;
  };
  /** From the acknowledgement until the last of the readers has the new value, ms. */
  const delayMs = async (
    writer: Program,
    readers: readonly Program[],
    what: 'key' | 'all' | 'tags' | 'namespace',
  ): Promise<number> => {
    const key = keys++;
    await writer.tell({ do: 'call', key });
    await writer.tell({ do: 'flush' });
    for (const one of readers) {
      // A store that does not answer in time leaves nothing in memory: then the next call does.
      const isInMemory = async (): Promise<boolean> => {
        const { version, tier } = await one.tell<{ version: number; tier: string }>({ do: 'call', key });
        expect(version).toBe(0);
        return tier === 'memory';
      };
      await until(isInMemory, { what: 'a reader has it in memory' });
    }
    const lateness = watchLateness();
    const storeMs = watchStore(server);
    const order = { do: 'watch', key, version: 1 } as const;
    const watching = readers.map((one) => one.tell<{ atMs: number; lates: Late[] }>(order));
    const done = await invalidate(writer, what, key);
    const seen = await Promise.all(watching);
    // One after the other: the store, the reader, and this process, which stands for the writer.
    const machineMs = lateness() + (await storeMs());
    return Math.max(
      ...seen.map(({ atMs, lates }) => atMs - done.atMs - lateWithin(lates, done.atMs, atMs) - machineMs),
    );
  };

  beforeAll(async () => {
    fleet = openFleet(KEYS);
    if (kind === 'redis') server = await startRedisServer();
    all = await fleet.start(16);
    await use(all);
    // Opened, connected, synchronised: what is measured is the stampede.
    await Promise.all(all.map((one, at) => one.tell({ do: 'warm', key: KEYS - 1 - at })));
  }, 180_000);
  afterAll(async () => {
    await fleet.close();
    await server?.close();
  });

  // A call waits for the store and for who holds the lock, but not without end: on a machine that has no time it runs too.
  test.for([4, 16])('%i processes with 250 callers each of a cold key: one run', async (count, context) => {
    const [programs, key] = [all.slice(0, count), keys++];
    await be(programs, 300);
    const { answers, gaveUp } = await burst(programs, key);
    expect(answers).toEqual(['version 0']);
    const runs = fleet.runsOf(key).length;
    measured(context, `${runs} run, ${gaveUp} processes kept waiting too long`);
    expect(runs).toBeGreaterThanOrEqual(1);
    expect(runs).toBeLessThanOrEqual(1 + gaveUp);
  });

  test('a failing function: one run per process, and its own error to all callers', async () => {
    const [programs, key] = [all.slice(0, 4), keys++];
    await be(programs, 50, true);
    expect((await burst(programs, key)).answers).toEqual([`RangeError: own ${key}`]);
    const ran = fleet.runsOf(key);
    expect(ran).toHaveLength(programs.length);
    expect(new Set(ran)).toEqual(new Set(programs.map(({ pid }) => pid)));
  });

  test.for(['key', 'all', 'tags', 'namespace'] as const)(
    'an invalidation (%s) reaches the memory of the others within 100 ms',
    async (what, context) => {
      const [writer, ...readers] = all.slice(0, 4);
      await be(all.slice(0, 4), 0);
      const rounds: number[] = [];
      for (let round = 0; round < 3; round++) rounds.push(await delayMs(writer!, readers, what)); // the first of four
      measured(context, `${rounds.map((ms) => Math.max(0, ms).toFixed(0)).join(', ')} ms`);
      // Each of them: what the machine was late is not in it.
      expect(Math.max(...rounds)).toBeLessThanOrEqual(100);
    },
  );

  test('a result that was being made when it was invalidated is not stored, here or elsewhere', async () => {
    const [[slow, other, third, fourth], key] = [all.slice(0, 4), keys++];
    await be([slow!], 600);
    await be([other!, third!, fourth!], 0);
    const late = slow!.tell<{ version: number }>({ do: 'call', key });
    await until(() => fleet.runsOf(key).length === 1, { what: 'it runs' });
    await invalidate(other!, 'key', key);
    expect(await third!.tell({ do: 'call', key })).toMatchObject({ version: 1 });
    // Its call began before.
    expect(await late).toMatchObject({ version: 0 });
    await slow!.tell({ do: 'flush' });
    for (const one of [fourth!, slow!, other!, third!])
      expect(await one.tell({ do: 'call', key })).toMatchObject({ version: 1 });
  });

  test('a process that holds the lock is stopped: two runs at most, soon', async (context) => {
    const [programs, key] = [all.slice(0, 4), keys++];
    await be(programs, RUN_MS);
    const { waitedMs, gaveUp, answers, holder } = await hurtHolder(programs, key, 'SIGSTOP');
    expect(answers).toEqual(['version 0']);
    expect(fleet.runsOf(key).length).toBeLessThanOrEqual(2 + gaveUp);
    expect(waitedMs).toBeLessThan(FREED_MS);
    programs.find(({ pid }) => pid === holder)?.signal('SIGCONT');
    measured(context, `${fleet.runsOf(key).length} runs, waited ${waitedMs.toFixed(0)} ms`);
  });

  test('a process that holds the lock is killed: two runs at most, soon', async (context) => {
    const [programs, key] = [all.slice(0, 4), keys++];
    await be(programs, RUN_MS);
    const { waitedMs, gaveUp, answers, holder } = await hurtHolder(programs, key, 'SIGKILL');
    all = all.filter(({ pid }) => pid !== holder);
    expect(answers).toEqual(['version 0']);
    expect(fleet.runsOf(key).length).toBeLessThanOrEqual(2 + gaveUp);
    expect(waitedMs).toBeLessThan(FREED_MS);
    measured(context, `${fleet.runsOf(key).length} runs, waited ${waitedMs.toFixed(0)} ms`);
  });

  test('a process that comes later finds what the others stored, and ends by itself', async () => {
    const key = keys++;
    await be(all, 0);
    // Stored, as soon as one of them does not run it: each asks a store once, which may be too slow to answer.
    let stored = 0;
    for (const one of all) {
      const before = fleet.runsOf(key).length;
      await one.tell({ do: 'call', key });
      await one.tell({ do: 'flush' });
      stored = before > 0 && fleet.runsOf(key).length === before ? before : 0;
      if (stored > 0) break;
    }
    expect(stored).toBeGreaterThan(0);
    const [later] = await fleet.start(1);
    await use([later!]);
    // Loading modules may take all of the time that its first calls have.
    await later!.tell({ do: 'warm', key: KEYS - 17 });
    const { answers, gaveUp } = await burst([later!], key);
    expect(answers).toEqual(['version 0']);
    expect(fleet.runsOf(key).length).toBeLessThanOrEqual(stored + gaveUp);
    const [beganMs, standstill] = [performance.now(), watchStandstill()];
    expect(await later!.ended()).toBe(0);
    expect(performance.now() - beganMs - standstill()).toBeLessThan(2000);
  });
});
