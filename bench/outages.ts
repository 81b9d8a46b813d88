// Outages of Redis under callers of cold keys: Redis is killed, or stalls (accepts commands, answers none). Measures
// what that adds to a call, and how long until Redis is used again.
import { startRedisServer, type RedisServer } from '../test/helpers/redis-server.ts';
import { rowOf, shareOf, type Row } from './harness.ts';
import type { Scenario } from './report.ts';
import type { Subject } from './subject.ts';

const CALLERS = 20;
const OUTAGE_MS = 5_000;
const HEALTHY_MS = 2_000;
const LONGEST_RETURN_MS = 10_000;
/** Target after a kill: at most this much more than the function alone takes. */
const KILLED_EXTRA_MS = 3;
const STALLED_RATIO = 3;
const BACK_MS = 1_000;
const ROUNDS = 3;

let nextKey = 0;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** 99th percentile of call times, ms. Every call has a key that was never asked for before. */
async function p99(call: (id: number) => Promise<unknown>, forMs: number): Promise<number> {
  const tookMs: number[] = [];
  const untilMs = performance.now() + forMs;
  const caller = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const beganMs = performance.now();
      await call(nextKey++);
      tookMs.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return shareOf(
    tookMs.toSorted((a, b) => a - b),
    0.99,
  );
}

/** Milliseconds until a call was answered from Redis. */
async function untilUsed({ slowOrder, cacheOf }: Subject): Promise<number> {
  const hits = (): number => cacheOf(slowOrder).stats().l2Hits;
  const before = hits();
  const beganMs = performance.now();
  const key = nextKey++;
  while (hits() === before && performance.now() - beganMs < LONGEST_RETURN_MS) {
    await slowOrder(key);
    await wait(5);
  }
  return performance.now() - beganMs;
}

interface Times {
  readonly bare: number[];
  readonly healthy: number[];
  readonly during: number[];
  readonly back: number[];
}

async function outage(subject: Subject, redis: RedisServer, kind: 'killed' | 'stalled', times: Times) {
  const { slowOrder, uncachedOrder } = subject;
  times.bare.push(await p99(uncachedOrder, HEALTHY_MS));
  times.healthy.push(await p99(slowOrder, HEALTHY_MS));
  if (kind === 'killed') await redis.sigkill();
  else redis.stop();
  times.during.push(await p99(slowOrder, OUTAGE_MS));
  if (kind === 'killed') await redis.restart();
  else redis.cont();
  times.back.push(await untilUsed(subject));
}

export async function outages(subject: Subject): Promise<Scenario[]> {
  const redis = await startRedisServer();
  subject.configure({ backend: redis.url, l1: false });
  await untilUsed(subject);
  const scenarios: Scenario[] = [];
  for (const kind of ['killed', 'stalled'] as const) {
    const times: Times = { bare: [], healthy: [], during: [], back: [] };
    for (let round = 0; round < ROUNDS; round++) await outage(subject, redis, kind, times);
    scenarios.push(...scenariosOf(kind, times));
  }
  await redis.close();
  return scenarios;
}

function scenariosOf(kind: 'killed' | 'stalled', times: Times): Scenario[] {
  const [bare, healthy] = [rowOf('the function alone', times.bare), rowOf('Redis is well', times.healthy)];
  const during: Row = rowOf(`Redis is ${kind}`, times.during);
  const most = kind === 'killed' ? bare.median + KILLED_EXTRA_MS : STALLED_RATIO * healthy.median;
  const back = rowOf('used again', times.back);
  return [
    {
      title: `Redis ${kind} for 5 s, p99 of ${CALLERS} callers of cold keys and a function of 5 ms`,
      reference: healthy.name,
      targets: { [during.name]: { most } },
      unit: 'ms',
      rows: [bare, healthy, during],
    },
    {
      title: `Redis ${kind}, then back: until a call is answered from it`,
      reference: back.name,
      targets: { [back.name]: { most: BACK_MS } },
      unit: 'ms',
      rows: [back],
    },
  ];
}
