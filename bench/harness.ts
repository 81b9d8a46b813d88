// Interleaved medians: every round runs one batch of every contestant in shuffled order, so that noise affects all
// alike.

export interface Task {
  readonly name: string;
  /** Runs the operation n times. */
  readonly batch: (n: number) => Promise<void>;
}

/** One measured contestant, in the unit of its scenario. */
export interface Row {
  readonly name: string;
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
}

export interface Rounds {
  /**
   * `wall`: the time that passes. `thread`: the CPU time of this thread, which other programs disturb less; only for
   * code that waits for nothing, and with long batches, as it is counted in ticks of some ms. Default wall.
   */
  readonly clock?: 'wall' | 'thread';
  readonly rounds: number;
  readonly batchMs: number;
  readonly warmMs: number;
}

/** Measures the tasks: one row each, in ns per operation. */
export async function interleave(tasks: readonly Task[], plan: Rounds): Promise<Row[]> {
  const clock = plan.clock === 'thread' ? threadNs : wallNs;
  const sizes = new Map<Task, number>();
  for (const task of tasks) sizes.set(task, await warm(task, plan));
  const samples = new Map<Task, number[]>(tasks.map((task) => [task, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const task of shuffle(tasks)) {
      const n = sizes.get(task)!; // set above for every task
      const startedNs = clock();
      await task.batch(n);
      samples.get(task)!.push((clock() - startedNs) / n);
    }
  }
  return tasks.map((task) => rowOf(task.name, samples.get(task)!)); // set above for every task
}

function wallNs(): number {
  return performance.now() * 1e6;
}

function threadNs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

/** Median and percentiles of at least one value. */
export function rowOf(name: string, values: readonly number[]): Row {
  const sorted = values.toSorted((a, b) => a - b);
  return { name, median: shareOf(sorted, 0.5), p10: shareOf(sorted, 0.1), p90: shareOf(sorted, 0.9) };
}

/** The value below which `share` of the values are. `sorted`: at least one value, ascending. */
export function shareOf(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!; // not empty
}

/** Runs the task for `warmMs`, so that V8 compiles it, and returns how many operations fill one batch. */
async function warm(task: Task, plan: Rounds): Promise<number> {
  const untilMs = performance.now() + plan.warmMs;
  let n = 8;
  let tookMs = 0;
  do {
    const startedMs = performance.now();
    await task.batch(n);
    tookMs = performance.now() - startedMs;
    if (tookMs < plan.batchMs)
      n = Math.min(n * 4, Math.max(n * 2, Math.ceil((n * plan.batchMs) / Math.max(tookMs, 0.05))));
  } while (performance.now() < untilMs);
  return Math.max(1, Math.round((n * plan.batchMs) / Math.max(tookMs, 0.01)));
}

function shuffle<T>(items: readonly T[]): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}

/** A batch of sequential calls, in a loop of its own per contestant. */
export function loopOf<A>(call: (argument: A) => unknown, args: readonly A[]): Task['batch'] {
  // `new Function`, because code shared by contestants would make its call site polymorphic.
  // oxlint-disable-next-line typescript/no-implied-eval
  const make = new Function(
    'call',
    'args',
    `return async (n) => { const m = args.length; let j = 0; for (let i = 0; i < n; i++) { await call(args[j]); if (++j === m) j = 0; } }`,
  ) as (call: (argument: A) => unknown, args: readonly A[]) => Task['batch']; // the text above
  return make(call, args);
}

/** A batch of n calls, shared by `concurrency` concurrent callers. */
export function concurrentLoopOf<A>(
  call: (argument: A) => Promise<unknown>,
  args: readonly A[],
  concurrency: number,
): Task['batch'] {
  return async (n) => {
    let left = n;
    const work = async (argument: A): Promise<void> => {
      while (left-- > 0) await call(argument);
    };
    await Promise.all(Array.from({ length: concurrency }, (_, i) => work(args[i % args.length]!)));
  };
}
