// Copies of the whole runtime in one test process, each with its own modules, registry and time: as many processes as a
// test wants. Rules can be taken out of their text: a proof has to notice.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compileFunction, constants } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import type * as Runtime from '../../../runtime/index.ts';
import type * as TierParts from '../../../runtime/site/tier/tier-parts.ts';
import type { ManualClock } from '../../../runtime/testing/index.ts';
import type * as HandWritten from '../site/hand-written.ts';

export type Engine = typeof Runtime &
  Pick<typeof HandWritten, 'oneNumber'> &
  Pick<typeof TierParts, 'loadParts'>;

/** A rule that is absent: `text` of that file of the runtime is replaced. */
export interface Removal {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

const folder = fileURLToPath(new URL('../../../', import.meta.url));
const ENTRY = `
  export * from './runtime/index.ts';
  export { oneNumber } from './test/runtime/site/hand-written.ts';
  export { loadParts } from './runtime/site/tier/tier-parts.ts';`;
const SLOT = Symbol.for('cachekit.1');

/** @throws when the text is not there exactly once: then it would prove nothing */
function without({ file, text, by }: Removal): Plugin {
  return {
    name: 'without a rule',
    setup(builder) {
      builder.onLoad({ filter: new RegExp(`/runtime/${file.replaceAll('.', '\\.')}$`) }, async ({ path }) => {
        const { readFile } = await import('node:fs/promises');
        const [before, after, ...more] = (await readFile(path, 'utf8')).split(text);
        if (after === undefined || more.length > 0) throw new Error(`${file} does not have the rule once.`);
        return { contents: `${before}${by}${after}`, loader: 'ts' };
      });
    },
  };
}

/** The text of the runtime in one piece. */
export async function buildEngine(removal?: Removal): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: folder, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    conditions: ['@cachekit/source'],
    packages: 'external',
    logLevel: 'error',
    // What it is used for, the name of the copy, does not matter here.
    define: { 'import.meta.url': '"file:///copy.js"' },
    plugins: removal === undefined ? [] : [without(removal)],
  });
  return outputFiles[0]?.text ?? '';
}

export interface EngineTime {
  readonly clock: ManualClock;
  /** Added to the wall clock of this copy alone, ms. */
  readonly skewMs: () => number;
  readonly random: () => number;
}

/** All that it knows of time and chance comes from `time`; it never sees the other copies. */
export async function openEngine(text: string, time: EngineTime): Promise<Engine> {
  const module = { exports: {} as Engine };
  const own = timeOf(time);
  const names = ['module', 'exports', 'require', ...Object.keys(own)];
  const globals = globalThis as { [SLOT]?: unknown }; // the runtime's registry
  const other = globals[SLOT];
  Reflect.deleteProperty(globals, SLOT);
  const run = compileFunction(text, names, {
    filename: fileURLToPath(import.meta.url),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (...args: unknown[]) => void;
  run(module, module.exports, createRequire(import.meta.url), ...Object.values(own));
  // It makes its registry now, and remembers it.
  module.exports.configure({});
  Reflect.deleteProperty(globals, SLOT);
  if (other !== undefined) Object.defineProperty(globals, SLOT, { value: other, configurable: true });
  // Takes real time, of which nothing else here knows.
  await module.exports.loadParts({ kind: 'none' });
  return module.exports;
}

function timeOf({ clock, skewMs, random }: EngineTime): Record<string, unknown> {
  const wallMs = (): number => clock.nowMs() + skewMs();
  class OwnDate extends Date {
    static override now(): number {
      return wallMs();
    }
  }
  const handleOf = (cancel: () => void): object => {
    const handle = { cancel, ref: () => handle, unref: () => handle };
    return handle;
  };
  const setTimeout = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): object =>
    handleOf(clock.setTimer(() => run(...args), ms));
  const setInterval = (run: () => void, ms: number): object => {
    let cancel = (): void => undefined;
    const again = (): void => {
      cancel = clock.setTimer(() => {
        again();
        run();
      }, ms);
    };
    again();
    return handleOf(() => cancel());
  };
  const clear = (handle: { cancel(): void } | undefined): void => handle?.cancel();
  return {
    Date: OwnDate,
    performance: { now: () => clock.monotonicMs() },
    Math: Object.defineProperty(Object.create(Math), 'random', { value: random }),
    setTimeout,
    setInterval,
    clearTimeout: clear,
    clearInterval: clear,
  };
}
