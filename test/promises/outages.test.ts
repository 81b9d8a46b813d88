// The cache never hurts: a real Redis is killed, stopped and absent under a compiled program in its own process.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, afterAll, expect, test } from 'vitest';
import { watchStandstill } from '../helpers/lateness.ts';
import { measured } from '../helpers/measured.ts';
import { startRedisServer } from '../helpers/redis-server.ts';
import { startRespServer } from '../helpers/resp-server.ts';
import { tempApp, type TempApp } from '../helpers/temp-app.ts';

/**
 * Calls for as long as it is told, without a memory tier, so that every call needs the second one. Reports after each
 * "phase" line on stdin: calls, errors, wrong values, and the time added by the cache (a call runs a function of 1 ms).
 */
const LOAD = `
import { createInterface } from 'node:readline';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { cacheOf, close, configure } from 'cachekit';
configure({ l1: false });
let runs = 0;
/** @cache.production ttl=1h */
async function square(n: number): Promise<{ n: number; square: number }> { runs++; return { n, square: n * n }; }
/** @cache.production ttl=1h */
async function failing(n: number): Promise<number> { runs++; await new Promise((next) => setTimeout(next, 20)); throw new RangeError('own error ' + n); }
/** @cache.production ttl=1h */
async function slow(n: number): Promise<number> { runs++; await new Promise((next) => setTimeout(next, 50)); return n; }
let next = 0, phase = fresh();
function fresh() { return { calls: 0, errors: 0, wrong: 0, took: [] as number[], runs: 0, l2: cacheOf(square).stats().l2Hits }; }
process.on('unhandledRejection', () => { phase.errors += 1000; });
async function worker(): Promise<void> {
  for (;;) {
    const n = next++ % 500, mine = phase, started = performance.now();
    try { const value = await square(n); if (value.square !== n * n) mine.wrong++; } catch { mine.errors++; }
    mine.calls++; mine.took.push(performance.now() - started);
    await new Promise((then) => setTimeout(then, 2));
  }
}
const delay = monitorEventLoopDelay({ resolution: 5 }); delay.enable();
const lines = createInterface({ input: process.stdin });
const say = (value: object) => process.stdout.write(JSON.stringify(value) + '\\n');
lines.on('line', (line) => void answer(line));
async function answer(line: string): Promise<void> {
  if (line === 'load') { for (let i = 0; i < 20; i++) void worker(); say({ ok: true }); }
  if (line === 'phase') {
    const done = phase; phase = fresh();
    done.took.sort((a, b) => a - b);
    const at = (share: number) => done.took[Math.min(done.took.length - 1, Math.floor(share * done.took.length))] ?? 0;
    say({ calls: done.calls, errors: done.errors, wrong: done.wrong, worst: at(1), median: at(0.5), p99: at(0.99), loop: delay.max / 1e6, l2: cacheOf(square).stats().l2Hits - done.l2, state: cacheOf(square).getHealthStatus().circuitBreaker.state });
    delay.reset();
  }
  if (line === 'thousand') { const before = runs; const values = await Promise.all(Array.from({ length: 1000 }, () => slow(1))); say({ runs: runs - before, right: values.every((value) => value === 1) }); }
  if (line === 'failing') {
    const before = runs; const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => failing(1)));
    const again = await failing(1).catch((error: unknown) => error);
    say({ runs: runs - before, same: outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason instanceof RangeError && outcome.reason.message === 'own error 1'), again: again instanceof RangeError });
  }
  if (line === 'one') { delay.reset(); const started = performance.now(); const value = await square(7); const took = performance.now() - started; await new Promise((then) => setTimeout(then, 20)); say({ took, loop: delay.max / 1e6, right: value.square === 49 }); }
  if (line === 'close') { delay.reset(); await close(); await new Promise((then) => setTimeout(then, 20)); say({ loop: delay.max / 1e6 }); lines.close(); process.stdin.destroy(); }
}
say({ ready: true });
`;

interface Phase {
  readonly calls: number;
  readonly errors: number;
  readonly wrong: number;
  readonly worst: number;
  readonly median: number;
  readonly p99: number;
  readonly loop: number;
  readonly l2: number;
  readonly state: string;
}

let app: TempApp;
const children: ChildProcess[] = [];

beforeAll(() => {
  app = tempApp({ 'src/load.ts': LOAD });
  app.build();
}, 60_000);
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => app.remove());

interface Program {
  readonly tell: <T>(line: string) => Promise<T>;
  readonly child: ChildProcess;
  readonly stderr: () => string;
}

async function program(redis: number | string): Promise<Program> {
  const url = typeof redis === 'string' ? redis : `redis://127.0.0.1:${redis}`;
  const child = app.start('load.js', { CACHEKIT_REDIS_URL: url });
  children.push(child);
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const read = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the program ended: ${stderr}`);
    return JSON.parse(value) as T;
  };
  await read();
  return {
    child,
    stderr: () => stderr,
    async tell<T>(line: string): Promise<T> {
      child.stdin!.write(`${line}\n`);
      return read<T>();
    },
  };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** A single timer may fire late by as much as the loop was blocked. */
const bound = (ms: number, { loop }: Pick<Phase, 'loop'>): number => ms + loop;

async function outage(
  hurt: 'sigkill' | 'stop',
): Promise<{ during: Phase; open: Phase; after: Phase; backMs: number; stderr: string }> {
  const redis = await startRedisServer();
  const { tell, stderr } = await program(redis.port);
  await tell('load');
  await wait(600);
  await tell('phase');
  if (hurt === 'sigkill') await redis.sigkill();
  else redis.stop();
  await wait(1200);
  const during = await tell<Phase>('phase');
  await wait(800);
  const open = await tell<Phase>('phase');
  if (hurt === 'sigkill') await redis.restart();
  else redis.cont();
  const [healedMs, standstill] = [performance.now(), watchStandstill()];
  let after = await tell<Phase>('phase');
  while (after.l2 === 0 && performance.now() - healedMs < 15_000) {
    await wait(50);
    after = await tell<Phase>('phase');
  }
  const backMs = performance.now() - healedMs - after.loop - standstill();
  await redis.close();
  return { during, open, after, backMs, stderr: stderr() };
}

async function survives(hurt: 'sigkill' | 'stop'): Promise<string> {
  const { during, open, after, backMs, stderr } = await outage(hurt);
  for (const phase of [during, open, after]) expect(phase).toMatchObject({ errors: 0, wrong: 0 });
  expect(during.calls).toBeGreaterThan(100);
  expect(during.worst).toBeLessThanOrEqual(bound(300, during));
  expect(backMs).toBeLessThan(1500);
  expect(stderr).not.toMatch(/Unhandled|UnhandledPromise|MaxListeners/);
  const calls = during.calls + open.calls;
  return `${calls} calls, 0 errors, 0 wrong, worst ${during.worst.toFixed(0)} ms, used again after ${backMs.toFixed(0)} ms`;
}

test('Redis killed under a loop of calls', async (context) => {
  measured(context, await survives('sigkill'));
}, 120_000);

test('Redis stopped under a loop of calls', async (context) => {
  measured(context, await survives('stop'));
}, 120_000);

test('an open breaker adds no wait', async (context) => {
  const { open } = await outage('stop');
  expect(open.state).not.toBe('CLOSED');
  expect(open.calls).toBeGreaterThan(100);
  expect(open.median).toBeLessThanOrEqual(1);
  expect(open.worst).toBeLessThanOrEqual(bound(1, open));
  measured(
    context,
    `median ${open.median.toFixed(2)} ms, worst ${open.worst.toFixed(1)} ms with a loop delay of ${open.loop.toFixed(1)} ms`,
  );
}, 120_000);

test('a thousand callers of a cold key cause one run', async (context) => {
  const redis = await startRedisServer();
  const { tell } = await program(redis.port);
  const seen = await tell<{ runs: number; right: boolean }>('thousand');
  await redis.close();
  expect(seen).toEqual({ runs: 1, right: true });
  measured(context, '1 run');
}, 120_000);

test('a failing function runs once and everybody gets its error', async (context) => {
  const redis = await startRedisServer();
  const { tell } = await program(redis.port);
  const seen = await tell<{ runs: number; same: boolean; again: boolean }>('failing');
  await redis.sigkill();
  // 100 callers share one run; the call afterwards runs again, since failures are not stored.
  expect(seen).toEqual({ runs: 2, same: true, again: true });
  measured(context, '100 callers: 1 run, the original error to all, not stored');
}, 120_000);

test('a process with a stalled Redis closes and ends', async (context) => {
  const redis = await startRedisServer();
  const { tell, child } = await program(redis.port);
  await tell('one');
  redis.stop();
  const one = tell('one').catch(() => {});
  const ended = once(child, 'exit');
  const [startedMs, standstill] = [performance.now(), watchStandstill()];
  const closed = tell<{ loop: number }>('close');
  const [code] = (await ended) as [number];
  const endedMs = performance.now() - startedMs - standstill();
  await one;
  const { loop } = await closed;
  const tookMs = endedMs - loop;
  await redis.close();
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(1500);
  measured(context, `process ended by itself ${tookMs.toFixed(0)} ms after close()`);
}, 120_000);

/** What a Redis that is known to be of no use may cost the first call of a process. */
const START_MS = 50;

test('a process starts with a dead Redis and joins it later', async (context) => {
  const redis = await startRedisServer();
  await redis.sigkill();
  const { tell } = await program(redis.port);
  const first = await tell<{ took: number; loop: number; right: boolean }>('one');
  expect(first.right).toBe(true);
  expect(first.took).toBeLessThan(bound(START_MS, first));
  await redis.restart();
  await tell('load');
  const startedMs = performance.now();
  let seen = await tell<Phase>('phase');
  while (seen.l2 === 0 && performance.now() - startedMs < 20_000) {
    await wait(50);
    seen = await tell<Phase>('phase');
  }
  await redis.close();
  expect(seen.l2).toBeGreaterThan(0);
  measured(
    context,
    `first call ${first.took.toFixed(0)} ms; joined ${(performance.now() - startedMs).toFixed(0)} ms after Redis came`,
  );
}, 120_000);

test('a process starts with a Redis that is loading, or refuses its password, as with a dead one', async (context) => {
  const [loading, redis] = await Promise.all([startRespServer('loading'), startRedisServer()]);
  const took: number[] = [];
  try {
    for (const url of [loading.url, `redis://:wrong@127.0.0.1:${redis.port}`]) {
      const { tell } = await program(url);
      const first = await tell<{ took: number; loop: number; right: boolean }>('one');
      expect(first.right).toBe(true);
      expect(first.took).toBeLessThan(bound(START_MS, first));
      took.push(first.took);
    }
  } finally {
    await Promise.all([loading.close(), redis.close()]);
  }
  measured(context, `first call ${took.map((ms) => ms.toFixed(0)).join(' and ')} ms`);
}, 120_000);
