// The program under test: two cached functions, one with a memory tier and one without, called on a fixed schedule whatever
// becomes of the calls before (open loop), and invalidated all the time. Tells its history to the process that started it.
import { setTimeout as pause } from 'node:timers/promises';
import { cacheOf, close, configure } from '../../../runtime/index.ts';
import { watchStandstill } from '../../helpers/lateness.ts';
import { oneNumber, type User } from '../../runtime/site/hand-written.ts';
import { emptyHistory, machineMs, type Batch, type Outcome, type Write } from './history.ts';
import type { LoadOptions } from './load-process.ts';
import { payloadOf } from './payload.ts';
import { openTruthFile } from './truth-file.ts';

class OwnError extends Error {}

const REPORT_MS = 100;

const options = JSON.parse(process.env['CHAOS_LOAD'] ?? '') as LoadOptions; // written by load-process.ts
const { self, processes, keys, tickMs, callsPerTick, writeEveryMs } = options;
const truth = openTruthFile(options.truthFile);
let history = emptyHistory();
let serial = 0;
const totals = { asked: 0 };

const note = (text: string): void => void history.noise.push(text);
process.on('unhandledRejection', (reason) => note(`unhandledRejection: ${String(reason)}`));
process.on('uncaughtException', (error) => note(`uncaughtException: ${error.stack}`));
process.on('warning', ({ name, message }) => {
  if (!/Notice|ExperimentalWarning/.test(name)) note(`${name}: ${message}`);
});

configure({
  backend: options.backend,
  ...options.configuration,
});

/** Reads the truth first and takes its time then: an invalidation may come in between. */
async function load(key: number): Promise<User> {
  const version = truth.version(key);
  await pause(2 + ((key + serial) % 7));
  if (serial++ % 101 === 100) throw new OwnError(`own ${key}`);
  return payloadOf(key, version);
}

const settings = { ttlMs: options.ttlMs, jitter: 0.1 };
const profile = 'production';
const near = oneNumber(load, { id: 'chaos/load#near', profile, settings });
// Without a lock nothing but the second tier itself can keep a caller waiting.
const unlocked = { ...settings, l1: false, lock: false };
const far = oneNumber(load, { id: 'chaos/load#far', profile, settings: unlocked });

async function outcomeOf(key: number, call: () => Promise<User>): Promise<Outcome> {
  try {
    const value = await call();
    const version = Number(value.tags[0]);
    const right = JSON.stringify(payloadOf(key, version));
    const shown = JSON.stringify(value);
    return shown === right ? { kind: 'value', version } : { kind: 'garbled', shown: shown.slice(0, 200) };
  } catch (error) {
    if (error instanceof OwnError && error.message === `own ${key}`) return { kind: 'own-error' };
    return { kind: 'error', shown: String(error).slice(0, 200) };
  }
}

async function ask(key: number, fn: typeof near): Promise<void> {
  totals.asked++;
  const atMs = machineMs();
  const outcome = await outcomeOf(key, () => fn(key));
  history.answers.push({ key, atMs, tookMs: machineMs() - atMs, mayWait: fn === near, outcome });
}

function write(key: number): void {
  const version = truth.bump(key);
  const told = Promise.all([near, far].map((fn) => cacheOf(fn).invalidate(key)));
  const written: Write = { key, version, calledMs: machineMs() };
  history.writes.push(written);
  void told.then((all) => {
    if (all.every(Boolean)) history.acks.push({ key, version, atMs: machineMs() });
  });
}

function report(extra: Partial<Batch> = {}): void {
  const { totals: _, ...told } = history;
  const batch: Batch = { ...told, ...extra };
  history = emptyHistory();
  process.send?.(batch);
}

const running = new Set<Promise<void>>();
let [turn, nextWriteMs, nextReportMs] = [0, machineMs() + writeEveryMs, machineMs() + REPORT_MS];
let hits = 0;

function tick(): void {
  const nowMs = machineMs();
  for (let i = 0; i < callsPerTick; i++) {
    const one = ask(Math.floor(Math.random() * keys), i % 2 === 0 ? near : far);
    running.add(one);
    void one.then(() => running.delete(one));
  }
  const hitsNow = cacheOf(far).stats().l2Hits;
  if (hitsNow > hits) history.backendHitsMs.push(nowMs);
  hits = hitsNow;
  if (nowMs >= nextWriteMs && options.isWriting) {
    nextWriteMs = nowMs + writeEveryMs;
    // Keys are dealt to the processes: each has one writer.
    const own = (turn++ * processes + self) % keys;
    write(own - (own % processes) + self);
  }
  if (nowMs < nextReportMs) return;
  nextReportMs = nowMs + REPORT_MS;
  report();
}

const ticks = setInterval(tick, tickMs);

/** Often, however seldom the load calls: a standstill between two of its ticks delays the calls that wait as well. */
const LOOK_MS = 5;
let lookAtMs = machineMs() + LOOK_MS;
const looks = setInterval(() => {
  const nowMs = machineMs();
  if (nowMs - lookAtMs > 2) history.stalls.push({ atMs: nowMs, lateMs: nowMs - lookAtMs });
  lookAtMs = nowMs + LOOK_MS;
}, LOOK_MS);

process.on('message', (message: { readonly shiftClockMs?: number; readonly end?: boolean }) => {
  if (message.shiftClockMs !== undefined) shiftClock(message.shiftClockMs);
  if (message.end === true) void end();
});

const realNow = Date.now.bind(Date);
/** All the wall time that JavaScript of this thread can see. */
function shiftClock(byMs: number): void {
  Date.now = () => realNow() + byMs;
}

async function end(): Promise<void> {
  clearInterval(ticks);
  await Promise.all(running);
  await pause(20);
  clearInterval(looks);
  const calls = cacheOf(near).stats().calls + cacheOf(far).stats().calls;
  const [beganMs, standstill] = [machineMs(), watchStandstill()];
  await close();
  const tookMs = machineMs() - beganMs - standstill();
  if (tookMs > 1000 + 200) note(`close() took ${tookMs.toFixed(0)} ms`);
  report({ totals: { asked: totals.asked, calls, counted: calls } });
  process.disconnect();
}

if (processes > keys) throw new Error('Each process writes keys of its own.');
report();
