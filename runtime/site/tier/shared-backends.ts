// Second tiers of this copy of the package: one guard per backend, whatever the number of sites. Loaded with the first.
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

/** One backend, and what its users agree on: all sites of this copy of the package share both. */
export interface SharedBackend {
  readonly guard: GuardedBackend;
  /** The log of that key prefix; undefined: the backend has none. */
  coherence(prefix: string): Coherence | undefined;
  /** For a backend without a log. */
  readonly floors: LocalFloors;
  /** The same. */
  readonly removals: LocalRemovals;
  /** Of authenticated entries. */
  readonly marks: HighWaterMarks;
  /** For calls of `many()`: half of the places that there are, so that they fill neither these nor the queue. */
  readonly turns: Turns;
}

class Shared implements SharedBackend {
  readonly guard: GuardedBackend;
  /** Made here from a URL or a path: closed when the configuration no longer names it. */
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

/** The module that opens such a backend, and the client library it will need with its first operation. */
export async function loadAdapter(choice: BackendChoice): Promise<void> {
  if (choice.kind === 'embedded') {
    adapters.embedded ??= await import('../../adapters/embedded/sqlite-backend.ts');
  } else if (choice.kind === 'url' && adapters.url === undefined) {
    // Here and not with the first read: loading it takes longer than a read may, and is not the server's fault.
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
 * Call it when its adapter is loaded. undefined: the choice is no backend.
 * @throws what the backend's constructor throws, for example for a URL that cannot be used
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
      return adapters.embedded?.embeddedBackend({
        path: environment.path ?? storeFolder(process.cwd(), process.env),
        maxSizeBytes: environment.pathMaxSizeBytes ?? DEFAULT_STORE_BYTES,
        clock: currentClock(),
      });
    default:
      return undefined;
  }
}

/**
 * After configure(), before any site is asked again: all get new guards. What we opened is closed; what belongs to the
 * user stays open, but is not asked any more by the old guard.
 */
export async function releaseBackends(): Promise<void> {
  const old = [...shared.values()];
  shared.clear();
  for (const one of old) if (!one.isOurs) one.release();
  await Promise.all(old.filter(({ isOurs }) => isOurs).map((one) => one.close()));
}

/** For good: also the user's own backends. */
export async function closeBackends(): Promise<void> {
  const old = [...shared.values()];
  shared.clear();
  await Promise.all(old.map((one) => one.close()));
}
