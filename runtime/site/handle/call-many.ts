// `many()` with `batch`: each call takes the normal call path, but all runs of the function become one run of `batch`.
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { asOneOfMany } from '../call/one-of-many.ts';
import { run } from '../call/read-through.ts';
import type { SiteCore } from '../site-core.ts';
import type { CapturedCall } from './capture.ts';

/** The option `batch`. */
export type LoadMany = (list: readonly (readonly unknown[])[]) => Promise<readonly unknown[]>;

/** After the last miss or answer, `batch` waits no longer than this for calls that wait for a flight or a lock. */
const GATHER_MS = 20;

/** A call whose function has to run. */
interface Miss {
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The results in order of the list. Rejects with the first failure, as single calls would. */
export function callMany(
  core: SiteCore,
  list: readonly (readonly unknown[])[],
  bind: (args: readonly unknown[]) => CapturedCall | Promise<never>,
  loadMany: LoadMany,
): Promise<never[]> {
  const gathering = new Gathering(list.length, loadMany);
  const calls = list.map(async (args) => {
    let isOpen = true;
    const settled = (): void => {
      if (isOpen) gathering.settled();
      isOpen = false;
    };
    const load = (): Promise<unknown> => {
      const result = gathering.add(args);
      settled();
      return result;
    };
    try {
      const bound = await bind(args);
      return await asOneOfMany(() => run(core, bound.args, load, bound.given));
    } finally {
      settled();
    }
  });
  return Promise.all(calls) as Promise<never[]>; // the handle's type knows the results
}

/** Collects the misses until each call has its answer or is a miss. */
class Gathering {
  readonly #load: LoadMany;
  #misses: Miss[] = [];
  /** Number of calls that have neither. */
  #open: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(calls: number, load: LoadMany) {
    this.#open = calls;
    this.#load = load;
  }

  /** Adds a miss. Resolves to its result. */
  add(args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#misses.push({ args, resolve, reject });
      this.#timer ??= setTimeout(() => this.#start(), GATHER_MS);
      this.#timer.refresh();
    });
  }

  /** A call has its answer or is a miss. */
  settled(): void {
    this.#open--;
    this.#timer?.refresh(); // further calls are still reading the backend, in turn
    if (this.#open === 0) this.#start();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const misses = this.#misses;
    this.#misses = [];
    if (misses.length > 0) void this.#run(misses);
  }

  async #run(misses: readonly Miss[]): Promise<void> {
    try {
      const results = await this.#load(misses.map(({ args }) => args));
      if (!Array.isArray(results) || results.length !== misses.length) throw wrongLength();
      for (const [at, { resolve }] of misses.entries()) resolve(results[at]);
    } catch (error) {
      for (const { reject } of misses) reject(error);
    }
  }
}

function wrongLength(): CacheKitError {
  return new CacheKitError(
    'ERR_CACHEKIT_CONFIG',
    '`batch` gives one result per list of arguments, in their order.',
  );
}
