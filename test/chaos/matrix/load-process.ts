// One process of the load (load-program.ts), seen from outside.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnv } from '../../helpers/child-env.ts';
import { emptyHistory, type Batch, type ProcessHistory } from './history.ts';

export interface LoadOptions {
  /** Its number, from 0. */
  readonly self: number;
  readonly processes: number;
  /** URL, `embedded` or `none`. */
  readonly backend: string;
  readonly truthFile: string;
  readonly keys: number;
  readonly tickMs: number;
  readonly callsPerTick: number;
  readonly writeEveryMs: number;
  readonly isWriting: boolean;
  readonly ttlMs: number;
  /** More for `configure()`. */
  readonly configuration?: object;
}

export interface LoadProcess {
  readonly pid: number;
  readonly history: ProcessHistory;
  shiftClock(byMs: number): void;
  signal(name: NodeJS.Signals): void;
  /** Waits for the calls that run, closes the cache, and for the end of the process. Resolves to what was odd about it. */
  end(): Promise<readonly string[]>;
  kill(): Promise<void>;
  /** By `kill`, before it could end by itself. */
  readonly isKilled: boolean;
}

const program = fileURLToPath(new URL('load-program.ts', import.meta.url));
/** Ends what is still there when this process ends. */
const alive = new Set<() => void>();
process.once('exit', () => {
  for (const kill of alive) kill();
});

/** `close()` has a second; a busy machine some more. */
const END_MS = 15_000;

/** `prefix`: words in front of the command, for example of a network namespace. Resolves when it runs. */
export async function startLoadProcess(
  options: LoadOptions,
  env: Readonly<Record<string, string>> = {},
  prefix: readonly string[] = [],
): Promise<LoadProcess> {
  const command = [...prefix, process.execPath, '--conditions=@cachekit/source', program];
  const child = spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: childEnv.NODE_COMPILE_CACHE,
      CHAOS_LOAD: JSON.stringify(options),
      ...env,
    },
  });
  const history = emptyHistory();
  const closed = once(child, 'close');
  child.on('message', (batch: Batch) => take(history, batch));
  // IPC of a process that was killed.
  child.on('error', () => undefined);
  child.stderr?.on('data', (chunk: Buffer) =>
    history.noise.push(`stderr: ${chunk.toString().slice(0, 4000)}`),
  );
  const killAtExit = (): void => void child.kill('SIGKILL');
  alive.add(killAtExit);
  void closed.then(() => alive.delete(killAtExit));
  await Promise.race([once(child, 'message'), closed]);
  const tell = (message: object): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  let isKilled = false;
  return {
    get isKilled() {
      return isKilled;
    },
    pid: child.pid ?? -1,
    history,
    shiftClock: (byMs) => tell({ shiftClockMs: byMs }),
    signal: (name) => void child.kill(name),
    async end() {
      if (isKilled) return [];
      tell({ end: true });
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
      const [code, signal] = (await closed) as [number | null, string | null];
      clearTimeout(timer);
      return code === 0 ? [] : [`process ${options.self} ended with ${signal ?? code}`];
    },
    async kill() {
      isKilled ||= child.exitCode === null && child.signalCode === null;
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await closed;
    },
  };
}

function take(history: ProcessHistory, batch: Batch): void {
  history.answers.push(...batch.answers);
  history.writes.push(...batch.writes);
  history.acks.push(...batch.acks);
  history.stalls.push(...batch.stalls);
  history.backendHitsMs.push(...batch.backendHitsMs);
  history.noise.push(...batch.noise);
  history.totals ??= batch.totals;
}
