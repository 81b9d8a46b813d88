// The history checker: every answer is right, stale within its bound, or wrong; in time, or late.
import type { Answer, ProcessHistory, Stall } from './history.ts';

export interface Bounds {
  /** Longest that the cache may add to a call, ms. What the event loop was late meanwhile is not counted. */
  readonly callMs: number;
  /** The same of a call that may wait for another process which runs the same, and which may be gone. */
  readonly lockMs: number;
  /** How long after its acknowledgement another process may serve what was invalidated, ms. */
  readonly staleMs: number;
  /** How long after healing until the second tier serves again, and takes invalidations, ms. */
  readonly backMs: number;
}

export interface Grades {
  readonly calls: number;
  readonly right: number;
  readonly stale: number;
  readonly wrong: number;
  readonly late: number;
  readonly errors: number;
  readonly worstMs: number;
  /** Of calls that may wait for another process. */
  readonly worstLockMs: number;
  /** Longest time after an acknowledgement at which the value before it was served, ms. */
  readonly oldestMs: number;
  readonly noise: readonly string[];
  /** Of what is wrong or late: a few, in words. */
  readonly examples: readonly string[];
  /** Processes whose counters do not add up to their calls. */
  readonly miscounted: number;
}

interface Supersession {
  /** By version v at [v]: from when on that version or a later one is acknowledged, by anybody. */
  readonly ackedMs: number[];
  /** The same of when it was invalidated, per writing process. */
  readonly calledMs: number[];
  readonly writer: number;
}

/** The longest function of the load takes 8 ms, and a timer may fire a little late without any stall. */
const FUNCTION_MS = 12;
const EXAMPLES = 6;

/** `versions`: what the truth was in the end, by key. */
export function grade(
  histories: readonly ProcessHistory[],
  versions: readonly number[],
  bounds: Bounds,
): Grades {
  const superseded = supersessions(histories, versions.length);
  const noiseMs = Math.max(0, ...histories.flatMap(({ stalls }) => stalls.map(({ lateMs }) => lateMs)));
  const sums = { calls: 0, right: 0, stale: 0, wrong: 0, late: 0, errors: 0, oldestMs: 0 };
  const worst = { worstMs: 0, worstLockMs: 0 };
  const examples: string[] = [];
  for (const [process, { answers, stalls }] of histories.entries()) {
    for (const answer of answers) {
      sums.calls++;
      const tookMs = answer.tookMs - stalledMs(stalls, answer) - FUNCTION_MS;
      const which = answer.mayWait ? 'worstLockMs' : 'worstMs';
      worst[which] = Math.max(worst[which], tookMs);
      if (tookMs > (answer.mayWait ? bounds.lockMs : bounds.callMs)) {
        sums.late++;
        if (examples.length < EXAMPLES) examples.push(say('late', process, answer, tookMs));
      }
      const ageMs = ageOf(answer, process, superseded[answer.key], versions[answer.key] ?? 0);
      const kind = kindOf(answer, ageMs, bounds.staleMs + noiseMs);
      sums[kind]++;
      if (kind === 'stale') sums.oldestMs = Math.max(sums.oldestMs, ageMs);
      const isBad = kind === 'wrong' || kind === 'errors';
      if (isBad && examples.length < EXAMPLES) examples.push(say(kind, process, answer, ageMs));
    }
  }
  const noise = histories.flatMap((history) => history.noise);
  const miscounted = histories.filter(({ totals }) => totals !== undefined && !addsUp(totals)).length;
  return { ...sums, ...worst, noise, examples, miscounted };
}

function addsUp(totals: NonNullable<ProcessHistory['totals']>): boolean {
  return totals.calls === totals.counted && totals.calls === totals.asked;
}

function kindOf({ outcome }: Answer, ageMs: number, boundMs: number): 'right' | 'stale' | 'wrong' | 'errors' {
  if (outcome.kind === 'error') return 'errors';
  if (outcome.kind === 'own-error') return 'right';
  if (outcome.kind === 'garbled' || ageMs > boundMs) return 'wrong';
  return ageMs < 0 ? 'right' : 'stale';
}

/** How long a later version was known when the call began, ms; below 0: it was not. Infinity: it could not be at all. */
function ageOf(
  { key, atMs, outcome }: Answer,
  process: number,
  of: Supersession | undefined,
  last: number,
): number {
  if (outcome.kind !== 'value') return -1;
  const next = outcome.version + 1;
  if (outcome.version > last) return Number.POSITIVE_INFINITY;
  if (of === undefined || key < 0) return -1;
  // The process that invalidated serves nothing older, from that moment on.
  if (of.writer === process && atMs > (of.calledMs[next] ?? Number.POSITIVE_INFINITY))
    return Number.POSITIVE_INFINITY;
  const ackedMs = of.ackedMs[next] ?? Number.POSITIVE_INFINITY;
  return atMs > ackedMs ? atMs - ackedMs : -1;
}

function supersessions(histories: readonly ProcessHistory[], keys: number): Supersession[] {
  const all = Array.from({ length: keys }, (_, key) => ({
    ackedMs: [] as number[],
    calledMs: [] as number[],
    writer: key % histories.length,
  }));
  for (const [process, { writes, acks }] of histories.entries()) {
    for (const { key, version, calledMs } of writes) {
      const of = all[key];
      if (of === undefined) continue;
      of.writer = process;
      of.calledMs[version] = calledMs;
    }
    for (const { key, version, atMs } of acks) {
      const of = all[key];
      if (of !== undefined) of.ackedMs[version] = atMs;
    }
  }
  for (const { ackedMs, calledMs } of all) for (const times of [ackedMs, calledMs]) earliestFrom(times);
  return all;
}

/** From the back: whatever supersedes version 7 supersedes version 3 as well. */
function earliestFrom(times: number[]): void {
  let earliest = Number.POSITIVE_INFINITY;
  for (let version = times.length - 1; version >= 0; version--) {
    earliest = Math.min(earliest, times[version] ?? Number.POSITIVE_INFINITY);
    times[version] = earliest;
  }
}

/** How long the event loop stood still while the call waited. */
function stalledMs(stalls: readonly Stall[], { atMs, tookMs }: Answer): number {
  let sum = 0;
  for (const stall of stalls) {
    const overlap = Math.min(stall.atMs, atMs + tookMs) - Math.max(stall.atMs - stall.lateMs, atMs);
    if (overlap > 0) sum += overlap;
  }
  return sum;
}

function say(kind: string, process: number, { key, atMs, tookMs, outcome }: Answer, ms: number): string {
  const what = outcome.kind === 'value' ? `version ${outcome.version}` : JSON.stringify(outcome);
  return `${kind}: process ${process}, key ${key}, at ${atMs.toFixed(0)}, took ${tookMs.toFixed(0)} ms, ${what} (${ms.toFixed(0)} ms)`;
}
