// The backends of this copy of the package, each with one guard that all sites share. Loaded with the first second tier.
import type * as embeddedAdapter from '../../adapters/embedded/sqlite-backend.ts';
import type * as redisAdapter from '../../adapters/redis/index.ts';
import { loadClient } from '../../adapters/redis/load-client.ts';
import type { Backend } from '../../backend/backend.ts';
import { memoryBackend } from '../../backend/memory-backend.ts';
import type { Coherence } from '../../coherence/coherence.ts';
import { HighWaterMarks } from '../../coherence/high-water-marks.ts';
import { LocalFloors } from '../../coherence/local-floors.ts';
import { LocalRemovals } from '../../coherence/local-removals.ts';
import type { CacheKitConfig } from '../../config/cachekit-config.ts';
import { backendKey, type BackendChoice } from '../../config/choose-backend.ts';
import type { Environment } from '../../config/env.ts';
import { resolveGuard } from '../../config/resolve-guard.ts';
import { storeFolder } from '../../config/store-folder.ts';
import { Turns } from '../../flow/turns.ts';
import { notice } from '../../observe/notice.ts';
import { guardBackend } from '../../reliability/guard-backend.ts';
import type { GuardedBackend } from '../../reliability/guarded-backend.ts';
import { currentClock } from '../tick-clock.ts';
import { followLog } from './follow-log.ts';

const DEFAULT_STORE_BYTES = 512 * 1024 ** 2;

/** One backend and its state, shared by all sites of this copy of the package. */
export interface SharedBackend {
  readonly guard: GuardedBackend;
  /** The log of that key prefix; undefined if the backend has no log. */
  coherence(prefix: string): Coherence | undefined;
  /** Invalidated groups, for a backend without a log. */
  readonly floors: LocalFloors;
  /** Running deletes, for a backend without a log. */
  readonly removals: LocalRemovals;
  /** Replay protection of authenticated entries. */
  readonly marks: HighWaterMarks;
  /** Limits calls of `many()` to half of the bulkhead, so that single calls always find a place. */
  readonly turns: Turns;
}

class Shared implements SharedBackend {
  readonly guard: GuardedBackend;
  /** We made the backend, from a URL or a path, so we close it when the configuration changes. */
  readonly isOurs: boolean;
  readonly floors = new LocalFloors();
  readonly removals = new LocalRemovals();
  readonly turns: Turns;
  #marks: HighWaterMarks | undefined;
  readonly #logs = new Map<string, Coherence>();

  constructor(guard: GuardedBackend, isOurs: boolean) {
    this.guard = guard;
    this.isOurs = isOurs;
    this.turns = new Turns(Math.max(1, Math.floor(guard.state().maxConcurrent / 2)));
  }

  get marks(): HighWaterMarks {
    return (this.#marks ??= new HighWaterMarks());
  }

  coherence(prefix: string): Coherence | undefined {
    const { log, fence } = this.guard;
    if (log === undefined || fence === undefined) {
      sayLocalOnly(this.guard.backend.name);
      return undefined;
    }
    let known = this.#logs.get(prefix);
    if (known === undefined) {
      known = followLog(this.guard.backend.name, log, prefix);
      this.#logs.set(prefix, known);
    }
    return known;
  }

  release(): void {
    for (const log of this.#logs.values()) void log.close();
    this.guard.release();
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#logs.values(), (log) => log.close()));
    await this.guard.close();
  }
}

function sayLocalOnly(name: string): void {
  notice(
    'CACHEKIT_LOCAL_INVALIDATION',
    `The backend \`${name}\` has no log of invalidations: other processes do not hear of them.`,
    `local ${name}`,
  );
}

interface Adapters {
  url?: typeof redisAdapter;
  embedded?: typeof embeddedAdapter;
}

const shared = new Map<unknown, Shared>();
const adapters: Adapters = {};

/** Loads the module that opens such a backend, and the client library that its first operation needs. */
export async function loadAdapter(choice: BackendChoice): Promise<void> {
  if (choice.kind === 'embedded') {
    adapters.embedded ??= await import('../../adapters/embedded/sqlite-backend.ts');
  } else if (choice.kind === 'url' && adapters.url === undefined) {
    // Not with the first read: loading takes longer than a read may, and would count as a failure of the server.
    const [redis] = await Promise.all([
      import('../../adapters/redis/index.ts'),
      loadClient().catch(() => undefined),
    ]);
    adapters.url = redis;
  }
}

/** True: `sharedBackend` can open such a backend now. */
export function isAdapterLoaded(choice: BackendChoice): boolean {
  return (choice.kind !== 'embedded' && choice.kind !== 'url') || adapters[choice.kind] !== undefined;
}

/**
 * The shared backend of this choice, opened on first use; its adapter must be loaded. undefined: the choice is none.
 * @throws what the backend's constructor throws, for example for a malformed URL
 */
export function sharedBackend(
  choice: BackendChoice,
  config: CacheKitConfig,
  environment: Environment,
): SharedBackend | undefined {
  const key = backendKey(choice);
  const known = shared.get(key);
  if (known !== undefined) return known;
  const backend = openBackend(choice, environment);
  if (backend === undefined) return undefined;
  const guard = guardBackend(backend, resolveGuard(config, environment, currentClock()));
  const made = new Shared(guard, choice.kind === 'url' || choice.kind === 'embedded');
  shared.set(key, made);
  return made;
}

function openBackend(choice: BackendChoice, environment: Environment): Backend | undefined {
  switch (choice.kind) {
    case 'own':
      return choice.backend;
    case 'memory':
      return memoryBackend({ clock: currentClock() });
    case 'url':
      return adapters.url?.redisBackend(choice.url, {
        connections: environment.connections ?? 1,
        connectTimeout: `${environment.connectTimeoutMs ?? 1000}ms`,
        socketTimeout: `${environment.socketTimeoutMs ?? 1000}ms`,
      });
    case 'embedded':
      return openStore(environment);
    default:
      return undefined;
  }
}

/**
 * The embedded store. undefined if the folder is the default one and cannot be written: memory alone is better than a
 * store that refuses every write.
 */
function openStore(environment: Environment): Backend | undefined {
  const { embedded } = adapters;
  if (embedded === undefined) return undefined;
  const path = environment.path ?? storeFolder(process.cwd(), process.env);
  const why = environment.path === undefined ? embedded.whyUnwritable(path) : undefined;
  if (why !== undefined) {
    sayNoStore(path, why);
    return undefined;
  }
  return embedded.embeddedBackend({
    path,
    maxSizeBytes: environment.pathMaxSizeBytes ?? DEFAULT_STORE_BYTES,
    clock: currentClock(),
  });
}

function sayNoStore(path: string, why: string): void {
  notice(
    'CACHEKIT_NO_STORE',
    `The embedded store cannot be written in ${path} (${why}): functions are cached in the memory of this process only. Name another folder in CACHEKIT_PATH, or set CACHEKIT_BACKEND=none.`,
  );
}

/**
 * After configure(), before the next call: forgets all backends, so that sites get new guards. Backends that we opened
 * are closed; those of the user stay open, but their old guards send nothing any more.
 */
export async function releaseBackends(): Promise<void> {
  const old = [...shared.values()];
  shared.clear();
  for (const one of old) if (!one.isOurs) one.release();
  await Promise.all(old.filter(({ isOurs }) => isOurs).map((one) => one.close()));
}

/** After close(): closes all backends, also those of the user. */
export async function closeBackends(): Promise<void> {
  const old = [...shared.values()];
  shared.clear();
  await Promise.all(old.map((one) => one.close()));
}
