// A program with one cached function, which does what it is told over IPC; `startProgram` of cached-processes.ts starts it.
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { RedoPlan } from '../../runtime/coherence/redo-plan.ts';
import {
  cacheOf,
  close,
  configure,
  flush,
  invalidateNamespace,
  invalidateTags,
} from '../../runtime/index.ts';
import { subscribe } from '../../runtime/observe/publish.ts';
import { machineMs } from '../chaos/matrix/history.ts';
import { openTruthFile } from '../chaos/matrix/truth-file.ts';
import { oneNumber, type User } from '../runtime/site/hand-written.ts';
import type { Order, ProgramOptions } from './cached-processes.ts';
import { watchLates } from './lateness.ts';

const options = JSON.parse(process.env['CACHED_PROGRAM'] ?? '') as ProgramOptions; // written by cached-processes.ts
const truth = openTruthFile(options.truthFile);
let [runMs, fails] = [0, false];

// What tests show to be needed by taking it away.
if (options.isWithoutRedo === true) RedoPlan.prototype.plan = () => undefined;

/** Reads the truth first, then takes its time. Who ran is in the file of runs. */
async function load(key: number): Promise<User> {
  const version = truth.version(key);
  appendFileSync(options.runsFile, `${process.pid} ${key}\n`);
  await pause(runMs);
  if (fails) throw new RangeError(`own ${key}`);
  return { id: key, tags: [String(version)] };
}

const call = oneNumber(load, {
  id: 'processes/program#load',
  profile: 'production',
  settings: { namespace: 'shop', tags: ['all'], ttlMs: 600_000, jitter: 0 },
});
const versionOf = async (key: number): Promise<number> => Number((await call(key)).tags[0]);

/** Reads and locks that did not get an answer in time: then nobody is kept waiting, and the function runs. */
let [unanswered, locked] = [0, 0];
subscribe('cachekit:backend', ({ operation, outcome }) => {
  if (operation === 'lock' && outcome === 'ok') locked++;
  if ((operation === 'get' || operation === 'lock') && outcome !== 'ok') unanswered++;
});

/** Until then a call runs its function without a lock, and stores its result late. */
async function warm(key: number): Promise<object> {
  while (locked === 0) {
    await cacheOf(call).invalidate(key);
    await call(key);
    await pause(5);
  }
  return {};
}

async function burst({ key, callers }: Extract<Order, { do: 'burst' }>): Promise<object> {
  const [before, beganMs] = [unanswered, machineMs()];
  const all = await Promise.allSettled(Array.from({ length: callers }, () => versionOf(key)));
  const said = all.map((one) =>
    one.status === 'fulfilled' ? `version ${one.value}` : `${one.reason?.name}: ${one.reason?.message}`,
  );
  return {
    answers: [...new Set(said)],
    count: said.length,
    unanswered: unanswered - before,
    tookMs: machineMs() - beganMs,
  };
}

/** Until the version is that, by memory as fast as it can be asked. */
async function watch({ key, version }: Extract<Order, { do: 'watch' }>): Promise<object> {
  const lates = watchLates();
  for (;;) {
    if ((await versionOf(key)) >= version) {
      // By the clock that all processes share.
      const aheadMs = machineMs() - performance.now();
      return { atMs: machineMs(), lates: lates().map((one) => ({ ...one, atMs: one.atMs + aheadMs })) };
    }
    await pause(1);
  }
}

const INVALIDATE = {
  key: (key: number) => cacheOf(call).invalidate(key),
  all: () => cacheOf(call).invalidateAll(),
  tags: () => invalidateTags('all'),
  namespace: () => invalidateNamespace('shop'),
} as const;

async function obey(order: Order): Promise<object> {
  switch (order.do) {
    case 'use':
      configure({ backend: order.backend });
      return {};
    case 'be':
      runMs = order.runMs;
      fails = order.fails === true;
      return {};
    case 'call': {
      const version = await versionOf(order.key);
      return { version, tier: (await cacheOf(call).peek(order.key))?.tier ?? 'none' };
    }
    case 'warm':
      return warm(order.key);
    case 'burst':
      return burst(order);
    case 'watch':
      return watch(order);
    case 'invalidate': {
      if (order.bump !== false) for (const key of order.keys) truth.bump(key);
      const all = await Promise.all(order.keys.map((key) => INVALIDATE[order.what](key)));
      return { acked: all.every(Boolean), atMs: machineMs() };
    }
    case 'flush':
      await flush();
      return {};
    case 'close':
      await close();
      return {};
  }
}

process.on('message', (order: Order) => {
  void obey(order).then(
    (answer) => process.send?.({ serial: order.serial, answer }),
    (error: unknown) => process.send?.({ serial: order.serial, error: String(error) }),
  );
});
process.send?.({ serial: 0, answer: {} });
