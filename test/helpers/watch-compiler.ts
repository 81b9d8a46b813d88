// A compiler in its watch mode, as a process: each round ends with a count of errors.
import { spawn } from 'node:child_process';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietEnv } from './child-env.ts';

export interface WatchCompiler {
  /** What the last round printed that has ended since the last edit. */
  output(): string;
  /** All that it printed. */
  all(): string;
  /** Waits for a round that ends with this many errors, and for what else has to hold then. */
  round(errors: number, isThere?: () => boolean): Promise<void>;
  /** Writes the file and waits for the round that shows it. */
  edit(file: string, text: string, errors: number, isThere: () => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** How often it is looked whether a file is there: that may be after the last word of the round. */
const LOOK_EVERY_MS = 100;
/** Ends a test that waits in vain. */
const WITHIN_MS = 120_000;
/** Events can come before a watcher listens: a file whose change shows no effect is touched again until it does. */
const TOUCH_EVERY_MS = 1500;

export function watchCompiler(folder: string, args: readonly string[]): WatchCompiler {
  const child = spawn(process.execPath, [...args, '--preserveWatchOutput'], { cwd: folder, env: quietEnv });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  let all = '';
  let heard = () => {};
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    all += chunk.toString();
    heard();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  /** A slow machine may show an edit in several rounds, of which the first ones have seen less. */
  const lastRound = (): string => output.match(/(?:(?!Found \d+ error)[^])*Found \d+ error/g)?.at(-1) ?? '';
  const round = async (errors: number, isThere: () => boolean = () => true): Promise<void> => {
    const isOver = (): boolean => lastRound().endsWith(`Found ${errors} error`) && isThere();
    let [timer, limit]: (NodeJS.Timeout | undefined)[] = [];
    await new Promise<void>((resolve, reject) => {
      heard = () => {
        try {
          if (isOver()) resolve();
        } catch {
          // A file that is not there yet, or not any more while it is written.
        }
      };
      void exited.then(() => reject(new Error(`it ended with ${String(child.exitCode)}:\n${output}`)));
      limit = setTimeout(() => reject(new Error(`no such round, but:\n${output}`)), WITHIN_MS);
      timer = setInterval(heard, LOOK_EVERY_MS);
      heard();
    }).finally(() => (clearInterval(timer), clearTimeout(limit)));
  };
  return {
    output: lastRound,
    all: () => all,
    round,
    async edit(file, text, errors, isThere) {
      output = '';
      writeLater(join(folder, file), text);
      const timer = setInterval(() => {
        writeLater(join(folder, file), text);
      }, TOUCH_EVERY_MS);
      await round(errors, isThere).finally(() => clearInterval(timer));
    },
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** File systems know times in steps, and a test changes a file sooner than that. */
function writeLater(path: string, text: string): void {
  writeFileSync(path, text);
  const later = new Date(Date.now() + 2000);
  utimesSync(path, later, later);
}
