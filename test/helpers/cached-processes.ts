// Processes that share a backend (cached-program.ts), and what they are told to do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTruthFile, type TruthFile } from '../chaos/matrix/truth-file.ts';
import { childEnv } from './child-env.ts';

export interface ProgramOptions {
  readonly truthFile: string;
  /** A line per run of the function: process id and key. */
  readonly runsFile: string;
  /** What a failover lost is not invalidated again. */
  readonly isWithoutRedo?: boolean;
}

type Serial = { readonly serial?: number };

export type Order = Serial &
  (
    | { readonly do: 'use'; readonly backend: string }
    | { readonly do: 'be'; readonly runMs: number; readonly fails?: boolean }
    | { readonly do: 'call'; readonly key: number }
    /** Until the second tier is open, synchronised and asked for a lock: with that key, of nobody else. */
    | { readonly do: 'warm'; readonly key: number }
    | { readonly do: 'burst'; readonly key: number; readonly callers: number }
    | { readonly do: 'watch'; readonly key: number; readonly version: number }
    | {
        readonly do: 'invalidate';
        readonly what: 'key' | 'all' | 'tags' | 'namespace';
        readonly keys: readonly number[];
        /** false: somebody else has made the new version. */
        readonly bump?: boolean;
      }
    | { readonly do: 'flush' }
    | { readonly do: 'close' }
  );

export interface Program {
  readonly pid: number;
  /** @throws what the order threw there, and when the process ends */
  tell<T = object>(order: Order): Promise<T>;
  signal(name: NodeJS.Signals): void;
  /** By itself, when nothing keeps it. Resolves to its exit code. */
  ended(): Promise<number | null>;
  kill(): Promise<void>;
}

export interface Fleet {
  readonly truth: TruthFile;
  start(count: number, env?: Readonly<Record<string, string>>, isWithoutRedo?: boolean): Promise<Program[]>;
  /** Process ids that ran the function for that key, in order. */
  runsOf(key: number): readonly number[];
  close(): Promise<void>;
}

interface Reply {
  readonly serial: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** What Node compiled once is kept: 16 processes would strip the types of the same sources anew. */
const PROGRAM_ENV = { NODE_ENV: 'production', NODE_COMPILE_CACHE: childEnv.NODE_COMPILE_CACHE };
const STARTED_AT_ONCE = 2;
const program = fileURLToPath(new URL('cached-program.ts', import.meta.url));

async function startProgram(
  options: ProgramOptions,
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const child = spawn(process.execPath, ['--conditions=@cachekit/source', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...PROGRAM_ENV, CACHED_PROGRAM: JSON.stringify(options), ...env },
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  const closed = once(child, 'exit') as Promise<[number | null]>; // its first argument
  child.on('error', () => undefined);
  child.on('message', (reply: Reply) => {
    waiting.get(reply.serial)?.(reply);
    waiting.delete(reply.serial);
  });
  void closed.then(() => {
    for (const [serial, end] of waiting) end({ serial, error: 'The process has ended.' });
  });
  await new Promise<Reply>((resolve) => waiting.set(0, resolve));
  let serial = 0;
  return {
    pid: child.pid ?? -1,
    tell<T>(order: Order): Promise<T> {
      const own = ++serial;
      return new Promise<T>((resolve, reject) => {
        waiting.set(
          own,
          ({ answer, error }) => (error === undefined ? resolve(answer as T) : reject(new Error(error))), // what that order answers
        );
        child.send({ ...order, serial: own }, () => undefined);
      });
    },
    signal: (name) => void child.kill(name),
    async ended() {
      child.disconnect();
      return (await closed)[0];
    },
    async kill() {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await closed;
    },
  };
}

export function openFleet(keys: number): Fleet {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-fleet-'));
  const [truthFile, runsFile] = [join(folder, 'truth'), join(folder, 'runs')];
  const truth = createTruthFile(truthFile, keys);
  writeFileSync(runsFile, '');
  const all: Program[] = [];
  return {
    truth,
    async start(count, env = {}, isWithoutRedo = false) {
      const options = { truthFile, runsFile, isWithoutRedo };
      const own = { CACHEKIT_PATH: join(folder, 'store'), ...env };
      const started: Program[] = [];
      // A few at a time: other tests measure milliseconds meanwhile.
      while (started.length < count) {
        const some = Math.min(STARTED_AT_ONCE, count - started.length);
        started.push(...(await Promise.all(Array.from({ length: some }, () => startProgram(options, own)))));
      }
      all.push(...started);
      return started;
    },
    runsOf(key) {
      const lines = readFileSync(runsFile, 'utf8').split('\n');
      return lines
        .map((line) => line.split(' ').map(Number))
        .filter(([, ran]) => ran === key)
        .map(([pid]) => pid ?? -1);
    },
    async close() {
      await Promise.all(all.map((one) => one.kill()));
      truth.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
