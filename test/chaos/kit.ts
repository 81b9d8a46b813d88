// What the chaos tests share: servers that end with the test, a reader that measures, and the promises to hold it to.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, type TestContext } from 'vitest';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import { guardBackend } from '../../runtime/reliability/guard-backend.ts';
import type { GuardOptions } from '../../runtime/reliability/guard-options.ts';
import type { GuardedBackend } from '../../runtime/reliability/guarded-backend.ts';
import { percentileOf } from '../../runtime/reliability/latency-window.ts';
import { watchStandstill } from '../helpers/lateness.ts';
import { measured } from '../helpers/measured.ts';
import { watchNoise, type Noise } from '../helpers/noise.ts';
import { startRedisServer, until, type RedisServer } from '../helpers/redis-server.ts';
import { startRespServer, type RespServer } from '../helpers/resp-server.ts';
import { startTcpFaultProxy, type TcpFaultProxy } from '../helpers/tcp-fault-proxy.ts';

/** First wait 250 ms, and 50 ms for everything around it. */
const BOUND_MS = 300;
/** A healed server is used again within a second, and a little more on a busy machine. */
export const BACK_MS = 1500;
export const VALUE = Buffer.from('the value');
/** For tests of what is answered, and not how soon. */
export const PATIENT: Partial<GuardOptions> = {
  timeout: { initialMs: 30_000, adaptive: false },
};

const cleanups: (() => unknown)[] = [];

/** Ends what a test started, and fails it for any line, warning, exception or rejection that the cache made. */
export function guardTests(): void {
  let noise: Noise;
  beforeEach(() => {
    noise = watchNoise();
  });
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
    await pause(20);
    noise.stop();
    if (noise.seen.length > 0) throw new Error(`The cache made noise:\n${noise.seen.join('\n')}`);
  });
}

/** Runs when the test ends. */
export function atEnd(clean: () => unknown): void {
  cleanups.push(clean);
}

export async function server(args: readonly string[] = []): Promise<RedisServer> {
  const started = await startRedisServer({ args });
  cleanups.push(() => started.close());
  return started;
}

export async function proxyTo(port: number): Promise<TcpFaultProxy> {
  const proxy = await startTcpFaultProxy(port);
  cleanups.push(() => proxy.close());
  return proxy;
}

export async function respServer(): Promise<RespServer> {
  const resp = await startRespServer();
  cleanups.push(() => resp.close());
  return resp;
}

/** Connected, with one entry. */
export async function guardOn(url: string, options: Partial<GuardOptions> = {}): Promise<GuardedBackend> {
  const guard = guardBackend(redisBackend(url), options);
  cleanups.push(() => guard.close());
  await until(async () => (await guard.set('k', VALUE, 600_000)).ok, { what: 'the first write' });
  return guard;
}

export interface Watch {
  /** Longest wait of any read, less what the event loop itself was late, ms. */
  readonly worstMs: number;
  /** Of the reads that found the breaker open: how many did not end in the same turn of the event loop. */
  readonly lateWhileOpen: number;
  /** Of the same reads: half of them took no longer than this, ms. What a busy machine adds is not in it. */
  readonly medianOpenMs: number;
  readonly wrong: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** How many reads have ended so until now. */
export type CountOf = (outcome: string) => number;

/** Reads every few milliseconds, never waiting for the one before, while `fault` runs. */
export async function during(
  guard: GuardedBackend,
  fault: (countOf: CountOf) => Promise<unknown>,
): Promise<Watch> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  let [worst, wrong, lateWhileOpen] = [0, 0, 0];
  const open: number[] = [];
  const outcomes: Record<string, number> = {};
  const running: Promise<void>[] = [];
  const read = async (): Promise<void> => {
    let hasTurned = false;
    setImmediate(() => (hasTurned = true));
    const beganMs = performance.now();
    const result = await guard.get('k');
    const tookMs = performance.now() - beganMs;
    const outcome = result.ok ? 'ok' : result.failure;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    worst = Math.max(worst, tookMs);
    if (outcome === 'open') open.push(tookMs);
    if (outcome === 'open' && hasTurned) lateWhileOpen++;
    if (result.ok && result.value !== undefined && !VALUE.equals(result.value)) wrong++;
  };
  const ticks = setInterval(() => running.push(read()), 4);
  await fault((outcome) => outcomes[outcome] ?? 0);
  clearInterval(ticks);
  await Promise.all(running);
  loop.disable();
  const lateMs = Math.max(0, loop.max / 1e6 - 1);
  return {
    worstMs: Math.max(0, worst - lateMs),
    lateWhileOpen,
    medianOpenMs: percentileOf(open, 0.5),
    wrong,
    outcomes,
  };
}

/** Promises that were not kept, in words; empty when all were. */
export function broken(watch: Watch): string[] {
  return [
    watch.worstMs > BOUND_MS && `a read waited ${watch.worstMs} ms`,
    watch.lateWhileOpen > 0 && `${watch.lateWhileOpen} reads waited although the breaker was open`,
    watch.medianOpenMs > 1 && `reads took ${watch.medianOpenMs} ms although the breaker was open`,
    watch.wrong > 0 && `${watch.wrong} reads got another value`,
  ].filter((line) => line !== false);
}

/** How long until a read succeeds, less what this process stood still, ms. @throws when it never does */
export async function backAfterMs(guard: GuardedBackend): Promise<number> {
  const standstill = watchStandstill();
  const isBack = async (): Promise<boolean> => (await guard.get('k')).ok;
  const tookMs = await until(isBack, { what: 'Redis is used again', everyMs: 2 });
  return Math.max(0, tookMs - standstill());
}

export function report(context: TestContext, watch: Watch, backMs: number): void {
  const open = watch.medianOpenMs.toFixed(2);
  measured(
    context,
    `worst wait ${watch.worstMs.toFixed(0)} ms, while open ${open} ms, back ${backMs.toFixed(0)} ms`,
  );
}
