// The checks of `doctor` about the runtime: settings in effect, backends, master key.
import { readFileSync } from 'node:fs';
import { parseMasterKey } from '../../runtime/crypto/master-key.ts';
import type { CliContext } from './cli-context.ts';
import type { Check } from './doctor-host.ts';
import { importRuntime } from './import-runtime.ts';

/** One setting, as `effectiveConfig()` returns it. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/** The part used of the user's `cachekit`; functions are optional because it may be of another version. */
interface Runtime {
  cacheOf?(fn: () => unknown): { peek(): Promise<unknown> };
  effectiveConfig?(): readonly Setting[];
  checkHealth?(): Promise<{ readonly backends: Readonly<Record<string, BackendReport>> }>;
  close?(): Promise<void>;
}

/** The part used of `cachekit/emit/v1`. */
interface Emit {
  site(descriptor: object): { run(args: readonly unknown[], body: () => Promise<unknown>): unknown };
}

interface BackendReport {
  readonly kind: string;
  readonly status: string;
  readonly latencyMs: number | null;
}

/** Asks the runtime installed in the project, as configured by the environment and by a file imported before. */
export async function checkRuntime(
  context: CliContext,
): Promise<{ readonly checks: readonly Check[]; readonly settings: readonly Setting[] }> {
  const env = context.env ?? process.env;
  const key = checkKey(env);
  let runtime: Runtime;
  try {
    runtime = await importRuntime<Runtime>('cachekit', context);
  } catch {
    return { checks: key, settings: [] }; // the check of versions reports that it is not installed
  }
  try {
    await touchBackend(runtime, context);
    const settings = runtime.effectiveConfig?.() ?? [];
    const { backends } = (await runtime.checkHealth?.()) ?? { backends: {} };
    const checks = [...Object.entries(backends).map(([name, report]) => checkBackend(name, report)), ...key];
    return { checks, settings };
  } finally {
    await runtime.close?.();
  }
}

/**
 * The health report lists only backends in use, so this uses the default one: it looks for an entry that nobody stores.
 */
async function touchBackend(runtime: Runtime, context: CliContext): Promise<void> {
  const emit = await importRuntime<Emit>('cachekit/emit/v1', context);
  const none = '0'.repeat(16);
  const probe = (): unknown => site.run([], () => Promise.resolve());
  const site = emit.site({
    v: 1,
    id: 'cachekit/doctor#probe',
    fn: () => probe,
    profile: 'default',
    package: 'cachekit-doctor',
    settings: {},
    shape: none,
    code: none,
    serializer: 'std',
    index: 0,
  });
  await runtime.cacheOf?.(probe).peek();
}

function checkBackend(name: string, { kind, status, latencyMs }: BackendReport): Check {
  const title = name === kind ? `backend ${kind}` : `backend ${name} (${kind})`;
  if (status === 'up')
    return {
      status: 'ok',
      name: title,
      detail: latencyMs === null ? '' : `answers in ${latencyMs.toFixed(1)} ms`,
    };
  const detail =
    status === 'down' ? 'does not answer: functions run, results stay in memory.' : `is ${status}.`;
  return { status: 'fail', name: title, detail };
}

/** Checks the master key of the environment only; `configure()` checks its own when called. */
function checkKey(env: NodeJS.ProcessEnv): readonly Check[] {
  const { CACHEKIT_MASTER_KEY: text, CACHEKIT_MASTER_KEY_FILE: file } = env;
  if ((text ?? '') === '' && (file ?? '') === '')
    return [
      {
        status: 'note',
        name: 'master key',
        detail: 'not set in the environment: only secure functions need one.',
      },
    ];
  const source = (text ?? '') === '' ? 'CACHEKIT_MASTER_KEY_FILE' : 'CACHEKIT_MASTER_KEY';
  try {
    parseMasterKey(source === 'CACHEKIT_MASTER_KEY' ? (text ?? '') : readFileSync(file ?? '', 'utf8'));
    return [{ status: 'ok', name: 'master key', detail: source }];
  } catch (error) {
    const detail = `${source}: ${error instanceof Error ? error.message : 'it cannot be read.'}`;
    return [{ status: 'fail', name: 'master key', detail }];
  }
}
