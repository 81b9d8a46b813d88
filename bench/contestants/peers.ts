// Other caches, used as their documentation says. They are loaded from bench/peers, which has its own lockfile.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type Cache, type Contestant, MAX_ENTRIES, TTL_MS } from './contestant.ts';

const require = createRequire(new URL('../peers/package.json', import.meta.url));

// The peers' own types are left out on purpose: the bench calls a handful of methods of each.
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any;

async function load(name: string): Promise<Loose> {
  return import(pathToFileURL(require.resolve(name)).href);
}

function versionOf(name: string): string {
  const main = require.resolve(name);
  const folder = main.slice(0, main.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
  return (require(`${folder}package.json`) as { version: string }).version;
}

export const bentocache: Contestant = {
  name: 'bentocache',
  get version() {
    return versionOf('bentocache');
  },
  async memory() {
    const { memoryDriver } = await load('bentocache/drivers/memory');
    return bento((store) => store.useL1Layer(memoryDriver({ maxItems: MAX_ENTRIES })));
  },
  async backend(port) {
    const { redisDriver } = await load('bentocache/drivers/redis');
    return bento((store) => store.useL2Layer(redisDriver({ connection: { host: '127.0.0.1', port } })));
  },
};

async function bento(layer: (store: Loose) => Loose): Promise<Cache> {
  const { BentoCache, bentostore } = await load('bentocache');
  const cache = new BentoCache({
    default: 'c',
    prefix: 'bench-bento',
    ttl: TTL_MS,
    stores: { c: layer(bentostore()) },
  });
  return {
    wrap:
      ({ name, run, key }) =>
      (argument) =>
        cache.getOrSet({ key: `${name}:${key(argument)}`, factory: () => run(argument) }),
    close: () => cache.disconnectAll(),
  };
}

export const cacheable: Contestant = {
  name: 'cacheable wrap()',
  get version() {
    return versionOf('cacheable');
  },
  async memory() {
    const { Cacheable, createKeyv } = await load('cacheable');
    return wrapCacheable(
      new Cacheable({ ttl: TTL_MS, primary: createKeyv({ lruSize: MAX_ENTRIES, ttl: TTL_MS }) }),
    );
  },
  async backend(port) {
    const { Cacheable } = await load('cacheable');
    const loaded = await load('@keyv/redis'); // CommonJS: the class may be one level deeper
    const KeyvRedis = loaded.KeyvRedis ?? loaded.default.default;
    const { Keyv } = await load('keyv');
    const store = new KeyvRedis(`redis://127.0.0.1:${port}`);
    return wrapCacheable(
      new Cacheable({ ttl: TTL_MS, primary: new Keyv({ store, namespace: 'bench-cacheable' }) }),
    );
  },
};

function wrapCacheable(cache: Loose): Cache {
  return {
    wrap: ({ name, run }) => cache.wrap(run, { keyPrefix: name }),
    close: () => cache.disconnect(),
  };
}

export const layeredLoader: Contestant = {
  name: 'layered-loader',
  get version() {
    return versionOf('layered-loader');
  },
  async memory() {
    return layered({ inMemoryCache: { cacheType: 'lru-map', ttlInMsecs: TTL_MS, maxItems: MAX_ENTRIES } });
  },
  async backend(port) {
    const { RedisCache } = await load('layered-loader');
    const { Redis } = await load('ioredis');
    const client = new Redis({ host: '127.0.0.1', port });
    return layered(
      {},
      (name) => new RedisCache(client, { json: true, ttlInMsecs: TTL_MS, prefix: `bench-layered-${name}` }),
      () => client.disconnect(),
    );
  },
};

async function layered(
  options: object,
  asyncCache?: (name: string) => Loose,
  close?: () => void,
): Promise<Cache> {
  const { Loader } = await load('layered-loader');
  return {
    wrap({ name, run, key }) {
      const loader = new Loader({
        logger: { error() {} },
        ...options,
        ...(asyncCache === undefined ? {} : { asyncCache: asyncCache(name) }),
        dataSourceGetOneFn: run,
        cacheKeyFromLoadParamsResolver: key,
      });
      return (argument) => loader.get(argument);
    },
    close: async () => close?.(),
  };
}
