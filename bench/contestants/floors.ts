// Hand-written caches with nothing but what the scenario needs, as a floor.
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import {
  type AnyAsync,
  type Cache,
  type Contestant,
  type Wrapping,
  MAX_ENTRIES,
  TTL_MS,
} from './contestant.ts';

/** Single-flight and a Map keyed by a string: the reference of all memory ratios. */
export const mapFloor: Contestant = {
  name: 'floor: Map + key string',
  version: '-',
  async memory(): Promise<Cache> {
    return { wrap: wrapWithMap, close: async () => {} };
  },
};

/** The same with a copy for each caller. */
export const cloneFloor: Contestant = {
  name: 'floor: Map + structuredClone',
  version: '-',
  async memory(): Promise<Cache> {
    return {
      wrap<A, R>(wrapping: Wrapping<A, R>) {
        const call = wrapWithMap(wrapping);
        return async (argument: A): Promise<R> => structuredClone(await call(argument));
      },
      close: async () => {},
    };
  },
};

function wrapWithMap<A, R>({ run, key }: Wrapping<A, R>): (argument: A) => Promise<R> {
  const entries = new Map<string, { readonly value: R; readonly expiresAtMs: number }>();
  const running = new Map<string, Promise<R>>();
  return async (argument: A): Promise<R> => {
    const text = key(argument);
    const entry = entries.get(text);
    if (entry !== undefined && entry.expiresAtMs > Date.now()) return entry.value;
    return shared(running, text, argument, run, (value) =>
      entries.set(text, { value, expiresAtMs: Date.now() + TTL_MS }),
    );
  };
}

export const lruFloor: Contestant = {
  name: 'floor: lru-cache with ttl',
  version: 'workspace',
  async memory(): Promise<Cache> {
    return {
      wrap<A, R>({ run, key }: Wrapping<A, R>) {
        const entries = new LRUCache<string, { readonly value: R }>({ max: MAX_ENTRIES, ttl: TTL_MS });
        const running = new Map<string, Promise<R>>();
        return async (argument: A): Promise<R> => {
          const text = key(argument);
          const entry = entries.get(text);
          if (entry !== undefined) return entry.value;
          return shared(running, text, argument, run, (value) => entries.set(text, { value }));
        };
      },
      close: async () => {},
    };
  },
};

export const redisFloor: Contestant = {
  name: 'floor: ioredis + JSON',
  version: 'workspace',
  async backend(port): Promise<Cache> {
    const client = new Redis({ port, host: '127.0.0.1' });
    return {
      wrap<A, R>({ name, run, key }: Wrapping<A, R>) {
        return async (argument: A): Promise<R> => {
          const text = `floor:${name}:${key(argument)}`;
          const stored = await client.get(text);
          if (stored !== null) return JSON.parse(stored) as R;
          const value = await run(argument);
          await client.set(text, JSON.stringify(value), 'PX', TTL_MS);
          return value;
        };
      },
      close: async () => client.disconnect(),
    };
  },
};

/** Single-flight: callers of one key share one run. */
function shared<A, R>(
  running: Map<string, Promise<R>>,
  key: string,
  argument: A,
  run: AnyAsync<A, R>,
  store: (value: R) => void,
): Promise<R> {
  let promise = running.get(key);
  if (promise === undefined) {
    promise = run(argument).then(
      (value) => {
        store(value);
        running.delete(key);
        return value;
      },
      (error: unknown) => {
        running.delete(key);
        throw error;
      },
    );
    running.set(key, promise);
  }
  return promise;
}
