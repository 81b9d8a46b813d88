// One row of the matrix: processes under load, a fault, healing, and the grades of everything they saw.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { grade, type Bounds, type Grades } from './grade.ts';
import { emptyHistory, machineMs, type ProcessHistory } from './history.ts';
import { startLoadProcess, type LoadOptions, type LoadProcess } from './load-process.ts';
import { createTruthFile } from './truth-file.ts';

/** What a row is played on. */
export interface Scene {
  /** Of each process: URL, `embedded` or `none`. */
  readonly backends: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** In front of the command of each process. */
  readonly prefix?: readonly string[];
  hurt(processes: readonly LoadProcess[]): Promise<void> | void;
  heal(processes: readonly LoadProcess[]): Promise<void> | void;
  close(): Promise<unknown>;
}

export interface Row {
  /** Number of the fault; a letter where there are several ways to make it. */
  readonly id: string;
  readonly name: string;
  /** How the fault is made. */
  readonly made: string;
  /** What every row must keep is in `BOUNDS`. */
  readonly bounds?: Partial<Bounds>;
  /** Default 1500. */
  readonly faultMs?: number;
  readonly load?: Partial<LoadOptions>;
  /** A reason why it cannot be made here. */
  readonly missing?: () => string | undefined;
  /** There is no second tier and will be none. Default false. */
  readonly isHopeless?: boolean;
  readonly stage: () => Promise<Scene>;
}

export interface RowResult {
  readonly row: Row;
  readonly grades: Grades;
  /** Of the slowest process. undefined: not in time. */
  readonly backMs: number | undefined;
  /** In words; none: everything was kept. */
  readonly broken: readonly string[];
}

/** 250 ms for all of the second tier, and 50 around it; the lock of a process that is gone ends after 3 s. */
export const BOUNDS: Bounds = { callMs: 300, lockMs: 3500, staleMs: 1000, backMs: 2000 };
/** Until all of them use the second tier, at the start; one that is not there yet is waited for as long. */
const WITHIN_MS = 2500;
const WARM_MS = 800;
const AFTER_MS = 600;
/** How much longer than its bound a row waits for processes to be back, to see what the machine had to do with it. */
const BUSY_MS = 5000;
const LOAD = { keys: 40, tickMs: 5, callsPerTick: 2, writeEveryMs: 40, isWriting: true, ttlMs: 3000 };

export async function runRow(row: Row): Promise<RowResult> {
  const bounds = { ...BOUNDS, ...row.bounds };
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-chaos-'));
  const load = { ...LOAD, ...row.load };
  const truthFile = join(folder, 'truth');
  const truth = createTruthFile(truthFile, load.keys);
  const scene = await row.stage();
  const processes: LoadProcess[] = [];
  try {
    const count = scene.backends.length;
    const start = (backend: string, self: number): Promise<LoadProcess> =>
      startLoadProcess(
        { ...load, self, processes: count, backend, truthFile },
        { ...scene.env, CACHEKIT_KEY_PREFIX: 'chaos' },
        scene.prefix,
      );
    processes.push(...(await Promise.all(scene.backends.map(start))));
    const stalls = watchStalls();
    if (row.isHopeless !== true) await isBack(processes, machineMs(), WITHIN_MS);
    await pause(WARM_MS);
    await scene.hurt(processes);
    await pause(row.faultMs ?? 1500);
    const healedMs = machineMs();
    await scene.heal(processes);
    if (row.isHopeless !== true) await isBack(processes, healedMs, bounds.backMs + BUSY_MS);
    await pause(AFTER_MS);
    const odd = (await Promise.all(processes.map((one) => one.end()))).flat();
    const own = stalls.end();
    const histories = [...processes.map(({ history }) => history), own];
    const versions = Array.from({ length: load.keys }, (_, key) => truth.version(key));
    const grades = grade(histories, versions, bounds);
    const backMs = backOf(processes, healedMs, own);
    const isInTime = backMs !== undefined && backMs <= bounds.backMs;
    const isBackInTime = row.isHopeless === true || isInTime;
    const missed = isBackInTime ? odd : [...odd, `not back within ${bounds.backMs} ms`];
    return { row, grades, backMs, broken: brokenOf(grades, missed) };
  } finally {
    await Promise.all(processes.map((one) => one.kill()));
    await scene.close();
    truth.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Until all processes use the second tier again, or the bound has passed. */
async function isBack(processes: readonly LoadProcess[], healedMs: number, withinMs: number): Promise<void> {
  while (machineMs() - healedMs < withinMs && backOf(processes, healedMs) === undefined) await pause(50);
}

/** A hit of the second tier and an acknowledged invalidation in each process. `machine`: without its delays meanwhile. */
function backOf(
  processes: readonly LoadProcess[],
  healedMs: number,
  machine = emptyHistory(),
): number | undefined {
  const alive = processes.filter(({ isKilled }) => !isKilled);
  const each = alive.map(({ history: { backendHitsMs, acks } }) => {
    const hit = backendHitsMs.find((atMs) => atMs > healedMs);
    const ack = acks.find(({ atMs }) => atMs > healedMs)?.atMs;
    return hit === undefined || ack === undefined ? undefined : Math.max(hit, ack) - healedMs;
  });
  if (each.some((ms) => ms === undefined)) return undefined;
  const backMs = Math.max(...each.map((ms) => ms ?? 0));
  const meanwhile = machine.stalls.filter(({ atMs }) => atMs > healedMs && atMs < healedMs + backMs);
  return Math.max(0, backMs - meanwhile.reduce((sum, { lateMs }) => sum + lateMs, 0));
}

function brokenOf(grades: Grades, missed: readonly string[]): string[] {
  const { wrong, late, errors, noise, miscounted, calls, examples } = grades;
  const told = [
    calls < 100 && `only ${calls} calls`,
    wrong > 0 && `${wrong} wrong`,
    late > 0 && `${late} late`,
    errors > 0 && `${errors} errors`,
    noise.length > 0 && `noise: ${noise[0]}`,
    miscounted > 0 && `${miscounted} processes miscounted`,
    ...missed,
  ].filter((line) => line !== false);
  return told.length === 0 ? [] : [...told, ...examples];
}

/** The machine's own delays: where this process is held up, others are too. */
function watchStalls(): { end(): ProcessHistory } {
  const history = emptyHistory();
  let dueMs = machineMs() + 10;
  const timer = setInterval(() => {
    const nowMs = machineMs();
    if (nowMs - dueMs > 5) history.stalls.push({ atMs: nowMs, lateMs: nowMs - dueMs });
    dueMs = nowMs + 10;
  }, 10);
  return {
    end() {
      clearInterval(timer);
      return history;
    },
  };
}
