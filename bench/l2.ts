// Hits in Redis with memory turned off: latency of one call, and time per call with a hundred callers.
import { redisFloor } from './contestants/floors.ts';
import { bentocache, cacheable, layeredLoader } from './contestants/peers.ts';
import { concurrentLoopOf, interleave, loopOf, type Task } from './harness.ts';
import type { Scenario } from './report.ts';
import type { Subject } from './subject.ts';
import { makeOrder, type Order } from './subject/backend-sites.ts';

const OURS = 'cachekit';
const ROUNDS = Number(process.env['ROUNDS'] ?? 21);
/**
 * V8 needs about twelve thousand calls of each contestant to compile everything. One caller needs longer for that many.
 */
const WARM_MS = { one: 3000, hundred: 300 } as const;
const contestants = [redisFloor, bentocache, cacheable, layeredLoader];
const ids = Array.from({ length: 100 }, (_, i) => i + 1);

export async function l2(subject: Subject, redisPort: number): Promise<Scenario[]> {
  subject.configure({ backend: `redis://127.0.0.1:${redisPort}`, l1: false });
  const small = await prepare(subject, subject.order1k, 1024, redisPort);
  const large = await prepare(subject, subject.order10k, 10_240, redisPort);
  const missesBefore = missesOf(subject);
  const scenarios = [
    await scenario('Redis hit, 1 KB, one caller', small.single, 1.05, WARM_MS.one),
    await scenario('Redis hit, 1 KB, 100 callers', small.hundred, 0.8),
    await scenario('Redis hit, 10 KB, 100 callers', large.hundred, 0.6),
  ];
  await Promise.all([...small.closers, ...large.closers].map((close) => close()));
  // On a busy machine a miss (after a timeout) would count as a fast hit, so the figures are valid only without misses.
  const misses = missesOf(subject) - missesBefore;
  if (misses > 0)
    process.stdout.write(`\n${misses} calls of cachekit were misses: run again on a quieter machine.\n`);
  return scenarios;
}

function missesOf({ cacheOf, order1k, order10k }: Subject): number {
  return cacheOf(order1k).stats().misses + cacheOf(order10k).stats().misses;
}

async function prepare(
  subject: Subject,
  site: (id: number) => Promise<Order>,
  bytes: number,
  redisPort: number,
) {
  const calls: (readonly [string, (id: number) => Promise<Order>])[] = [];
  const closers: (() => Promise<void>)[] = [];
  for (const contestant of contestants) {
    const cache = await contestant.backend!(redisPort); // every contestant listed above has a backend tier
    closers.push(() => cache.close());
    const call = cache.wrap<number, Order>({
      name: `order${bytes}`,
      run: async (id) => makeOrder(id, bytes),
      key: (id) => `${id}`,
    });
    calls.push([contestant.name, async (id) => call(id)]);
  }
  calls.push([OURS, site]);
  for (const [, call] of calls) for (const id of ids) await call(id);
  await subject.flush();
  const tasks = (batch: (call: (id: number) => Promise<Order>) => Task['batch']): Task[] =>
    calls.map(([name, call]) => ({ name, batch: batch(call) }));
  return {
    closers,
    single: tasks((call) => loopOf(call, ids)),
    hundred: tasks((call) => concurrentLoopOf(call, ids, 100)),
  };
}

async function scenario(
  title: string,
  tasks: readonly Task[],
  target: number,
  warmMs: number = WARM_MS.hundred,
): Promise<Scenario> {
  const rows = await interleave(tasks, { rounds: ROUNDS, batchMs: 40, warmMs });
  return { title, reference: redisFloor.name, targets: { [OURS]: { ratio: target } }, rows };
}
