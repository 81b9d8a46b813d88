// Several processes, one backend: how often the function runs, who hears of an invalidation, what outlives whom.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openFleet, type Fleet, type Program } from '../helpers/cached-processes.ts';
import { measured } from '../helpers/measured.ts';
import { startRedisServer, until, type RedisServer } from '../helpers/redis-server.ts';

const hasRedis = inject('redisUrl') !== '';
const CALLERS = 250;
/** A dead holder's lock ends after 3 s; looks at it are up to 0.3 s apart. */
const FREED_MS = 3500;

/** How late a timer of this machine was at worst, ms. */
function watchLateness(): () => number {
  let [worstMs, dueMs] = [0, performance.now() + 5];
  const timer = setInterval(() => {
    worstMs = Math.max(worstMs, performance.now() - dueMs);
    dueMs = performance.now() + 5;
  }, 5);
  return () => {
    clearInterval(timer);
    return worstMs;
  };
}

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
  const burst = async (programs: readonly Program[], key: number): Promise<readonly string[]> => {
    const order = { do: 'burst', key, callers: CALLERS } as const;
    const said = await Promise.all(
      programs.map((one) => one.tell<{ answers: string[]; count: number }>(order)),
    );
    expect(said.map(({ count }) => count)).toEqual(programs.map(() => CALLERS));
    return [...new Set(said.flatMap(({ answers }) => answers))];
  };
  /** Calls of all of them, one of which holds the lock and is hurt as soon as it runs. */
  const hurtHolder = async (programs: readonly Program[], key: number, signal: NodeJS.Signals) => {
    const bursts = programs.map((one) => ({ pid: one.pid, said: burst([one], key).catch(() => undefined) }));
    await until(() => fleet.runsOf(key).length > 0, { what: 'somebody runs it' });
    const [holder] = fleet.runsOf(key);
    const beganMs = performance.now();
    programs.find(({ pid }) => pid === holder)?.signal(signal);
    const others = await Promise.all(bursts.filter(({ pid }) => pid !== holder).map(({ said }) => said));
    return { tookMs: performance.now() - beganMs, answers: [...new Set(others.flat())], holder };
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
    for (const one of readers)
      expect(await one.tell({ do: 'call', key })).toEqual({ version: 0, tier: 'memory' });
    const lateness = watchLateness();
    const order = { do: 'watch', key, version: 1 } as const;
    const watching = readers.map((one) => one.tell<{ atMs: number }>(order));
    const done = await writer.tell<{ acked: boolean; atMs: number }>({ do: 'invalidate', what, keys: [key] });
    expect(done.acked).toBe(true);
    const seen = (await Promise.all(watching)).map(({ atMs }) => atMs - done.atMs);
    return Math.max(...seen) - lateness();
  };

  beforeAll(async () => {
    fleet = openFleet(64);
    if (kind === 'redis') server = await startRedisServer();
    all = await fleet.start(16);
    await use(all);
    // Opened, connected, synchronised: what is measured is the stampede.
    const warm = keys++;
    await Promise.all(all.map((one) => one.tell({ do: 'call', key: warm })));
  }, 60_000);
  afterAll(async () => {
    await fleet.close();
    await server?.close();
  });

  test.each([4, 16])('%i processes with 250 callers each of a cold key: one run', async (count) => {
    const programs = all.slice(0, count);
    await be(programs, 300);
    const rounds: number[] = [];
    while (rounds.length < 3 && rounds.at(-1) !== 1) {
      const key = keys++;
      expect(await burst(programs, key)).toEqual(['version 0']);
      rounds.push(fleet.runsOf(key).length);
    }
    // Again where it was not: on a machine that has no time for one of them, that one waits no longer than it may.
    expect(rounds.at(-1)).toBe(1);
  });

  test('a failing function: one run per process, and its own error to all callers', async () => {
    const [programs, key] = [all.slice(0, 4), keys++];
    await be(programs, 50, true);
    expect(await burst(programs, key)).toEqual([`RangeError: own ${key}`]);
    const ran = fleet.runsOf(key);
    expect(ran).toHaveLength(programs.length);
    expect(new Set(ran)).toEqual(new Set(programs.map(({ pid }) => pid)));
  });

  test.each(['key', 'all', 'tags', 'namespace'] as const)(
    'an invalidation (%s) reaches the memory of the others within 100 ms',
    async (what) => {
      const [writer, ...readers] = all.slice(0, 4);
      await be(all.slice(0, 4), 0);
      const rounds: number[] = [];
      for (let round = 0; round < 3; round++) rounds.push(await delayMs(writer!, readers, what)); // the first of four
      // The best of them: a machine that is busy makes any single one late, a slow design makes all of them late.
      expect(Math.min(...rounds)).toBeLessThanOrEqual(100);
    },
  );

  test('a result that was being made when it was invalidated is not stored, here or elsewhere', async () => {
    const [[slow, other, third, fourth], key] = [all.slice(0, 4), keys++];
    await be([slow!], 600);
    await be([other!, third!, fourth!], 0);
    const late = slow!.tell<{ version: number }>({ do: 'call', key });
    await until(() => fleet.runsOf(key).length === 1, { what: 'it runs' });
    expect(await other!.tell({ do: 'invalidate', what: 'key', keys: [key] })).toMatchObject({ acked: true });
    expect(await third!.tell({ do: 'call', key })).toMatchObject({ version: 1 });
    // Its call began before.
    expect(await late).toMatchObject({ version: 0 });
    await slow!.tell({ do: 'flush' });
    for (const one of [fourth!, slow!, other!, third!])
      expect(await one.tell({ do: 'call', key })).toMatchObject({ version: 1 });
  });

  test('a process that holds the lock is stopped: two runs at most, soon', async (context) => {
    const [programs, key] = [all.slice(0, 4), keys++];
    await be(programs, 500);
    const { tookMs, answers, holder } = await hurtHolder(programs, key, 'SIGSTOP');
    expect(answers).toEqual(['version 0']);
    expect(fleet.runsOf(key).length).toBeLessThanOrEqual(2);
    expect(tookMs).toBeLessThan(FREED_MS + 1000);
    programs.find(({ pid }) => pid === holder)?.signal('SIGCONT');
    measured(context, `${fleet.runsOf(key).length} runs, ${tookMs.toFixed(0)} ms`);
  });

  test('a process that holds the lock is killed: two runs at most, soon', async (context) => {
    const [programs, key] = [all.slice(0, 4), keys++];
    await be(programs, 500);
    const { tookMs, answers, holder } = await hurtHolder(programs, key, 'SIGKILL');
    all = all.filter(({ pid }) => pid !== holder);
    expect(answers).toEqual(['version 0']);
    expect(fleet.runsOf(key).length).toBeLessThanOrEqual(2);
    expect(tookMs).toBeLessThan(FREED_MS + 1000);
    measured(context, `${fleet.runsOf(key).length} runs, ${tookMs.toFixed(0)} ms`);
  });

  test('a process that comes later finds what the others stored, and ends by itself', async () => {
    const key = keys++;
    await be(all, 0);
    await all[0]!.tell({ do: 'call', key });
    await all[0]!.tell({ do: 'flush' });
    const [later] = await fleet.start(1);
    await use([later!]);
    // Loading modules may take all of the time that its first call has.
    await later!.tell({ do: 'call', key: 0 });
    expect(await later!.tell({ do: 'call', key })).toMatchObject({ version: 0 });
    expect(fleet.runsOf(key)).toHaveLength(1);
    const beganMs = performance.now();
    expect(await later!.ended()).toBe(0);
    expect(performance.now() - beganMs).toBeLessThan(2000);
  });
});
