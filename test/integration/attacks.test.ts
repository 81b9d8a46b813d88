// Somebody writes the store who has no master key: each attack on an entry as it lies in Redis and in the embedded store. The
// call goes on, with what its own function says.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { embeddedBackend } from '../../runtime/adapters/embedded/sqlite-backend.ts';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import { keygen } from '../../runtime/crypto/master-key.ts';
import { cacheOf, close, configure, flush, runWithTenant, type Backend } from '../../runtime/index.ts';
import { encodeInterop } from '../../runtime/interop/index.ts';
import { recordEvents, resetCacheKit } from '../../runtime/testing/index.ts';
import { until } from '../helpers/redis-server.ts';
import { oneNumber, textValue } from '../runtime/site/hand-written.ts';

const url = inject('redisUrl');
const never = new AbortController().signal;
const LIFE_MS = 600_000;
const folder = (): string => mkdtempSync(join(tmpdir(), 'cachekit-attacks-'));

const stores: readonly (readonly [name: string, open: () => Backend])[] = [
  ['Redis', () => redisBackend(url)],
  ['the embedded store', () => embeddedBackend({ path: folder(), maxSizeBytes: 2 ** 24 })],
];
const kinds = {
  sealed: { profile: 'secure', settings: { l1: false } },
  signed: { settings: { l1: false, integrity: 'hmac' } },
} as const;
const cells = stores.flatMap(([store, open]) =>
  (['sealed', 'signed'] as const).map((kind) => ({ store, open, kind })),
);

beforeEach(resetCacheKit);
afterEach(close);

let count = 0;

async function world(open: () => Backend, kind: keyof typeof kinds, changes: object = {}) {
  const backend = open();
  const encryption = { masterKey: keygen() };
  const keyPrefix = `at${process.pid}-${++count}`;
  // What a busy machine makes slow is no attack.
  configure({ backend, encryption, keyPrefix, timeout: { initial: '30s', adaptive: false } });
  let runs = 0;
  const load = oneNumber(async (id) => `${id} run ${++runs}`, {
    value: textValue,
    ...kinds[kind],
    ...changes,
  });
  // The tier is open, and follows the log.
  await until(async () => (await load(0), await flush(), (await cacheOf(load).peek(0)) !== undefined), {
    what: 'the tier is open',
  });
  const keyOf = (id: number): string => cacheOf(load).key(id);
  const stored = async (id: number): Promise<Buffer> => {
    await load(id);
    await flush();
    return Buffer.from((await backend.get(keyOf(id), never)) ?? []);
  };
  const plant = (id: number, bytes: Uint8Array): Promise<void> =>
    backend.set(keyOf(id), bytes, LIFE_MS, never);
  /** Why the call does not take what was planted; undefined: it takes it. */
  const verdict = async (id: number, bytes: Uint8Array): Promise<string | undefined> => {
    await plant(id, bytes);
    const discards = recordEvents('cachekit:discard');
    const found = await cacheOf(load).peek(id);
    discards.stop();
    return found === undefined ? (discards.events[0]?.reason ?? 'absent') : undefined;
  };
  return { backend, load, keyOf, stored, plant, verdict, runs: () => runs, encryption, keyPrefix };
}

/** The times are those of the test run. */
const patched = (entry: Buffer, at: number, bytes: readonly number[]): Buffer => {
  const copy = Buffer.from(entry);
  copy.set(bytes, at);
  return copy;
};

describe.skipIf(url === '').each(cells)('a $kind entry in $store', { timeout: 120_000 }, ({ open, kind }) => {
  it('is refused after the change of any bit, and after any cut', async () => {
    const { stored, verdict } = await world(open, kind);
    const entry = await stored(1);
    expect(await verdict(1, entry)).toBeUndefined();
    const taken: string[] = [];
    for (let bit = 0; bit < entry.length * 8; bit++) {
      const changed = patched(entry, bit >> 3, [entry.readUInt8(bit >> 3) ^ (1 << (bit & 7))]);
      if ((await verdict(1, changed)) === undefined) taken.push(`bit ${bit}`);
    }
    for (let length = 0; length < entry.length; length++)
      if ((await verdict(1, entry.subarray(0, length))) === undefined) taken.push(`cut to ${length}`);
    expect(taken).toEqual([]);
    expect(await verdict(1, entry)).toBeUndefined();
  });

  it('is not made of two', async () => {
    const { stored, verdict } = await world(open, kind);
    const [one, two] = [await stored(1), await stored(2)];
    const taken: number[] = [];
    for (let at = 1; at < one.length; at++) {
      const both = Buffer.concat([one.subarray(0, at), two.subarray(at)]);
      // One time in 256 the last bytes of both are the same: then it is the first one, and nothing else.
      if (!both.equals(one) && (await verdict(1, both)) === undefined) taken.push(at);
    }
    expect(taken).toEqual([]);
    expect(await verdict(1, Buffer.concat([one, one]))).toBe('tamper');
  });

  it('is not that of another call, also with the right tag in its header', async () => {
    const { stored, verdict } = await world(open, kind);
    const [one, two] = [await stored(1), await stored(2)];
    expect(await verdict(1, two)).toBe('other-key');
    expect(await verdict(1, patched(two, 64, [...one.subarray(64, 80)]))).toBe('tamper');
  });

  it.each([
    ['function', { id: 'app/src/other#f' }],
    ['namespace', { settings: { ...kinds[kind].settings, namespace: 'elsewhere' } }],
    ['version', { code: '0000000000000000', shape: '0123456789abcde0' }],
  ])('is not that of another %s', async (_what, changes) => {
    const { load, stored, verdict, backend } = await world(open, kind);
    const own = await stored(1);
    const other = oneNumber(async () => 'theirs', { ...load.descriptor, ...changes });
    await other(1);
    await flush();
    const theirs = Buffer.from((await backend.get(cacheOf(other).key(1), never)) ?? []);
    expect(theirs.length).toBeGreaterThan(100);
    expect(await verdict(1, theirs)).toBe('other-key');
    const moved = patched(theirs, 48, [...own.subarray(48, 56)]);
    expect(await verdict(1, patched(moved, 64, [...own.subarray(64, 80)]))).toBe('tamper');
  });

  it('is not weaker than is due: plain, of another kind, of another version, compressed or not', async () => {
    const { load, stored, verdict, backend } = await world(open, kind);
    const own = await stored(1);
    const other = kind === 'sealed' ? kinds.signed : { settings: { l1: false } };
    const weaker = oneNumber(async () => 'forged', { ...load.descriptor, profile: 'default', ...other });
    await weaker(1);
    await flush();
    const forged = Buffer.from((await backend.get(cacheOf(weaker).key(1), never)) ?? []);
    expect(forged.length).toBeGreaterThan(100);
    expect(await verdict(1, forged)).toBe('tamper');
    expect(await verdict(1, patched(forged, 64, [...own.subarray(64, 80)]))).toBe('tamper');
    expect(await verdict(1, patched(own, 4, [0]))).toBe('version'); // frame version
    expect(await verdict(1, patched(own, 4, [2]))).toBe('version');
    expect(await verdict(1, patched(own, 5, [own.readUInt8(5) ^ 1]))).toBe('tamper'); // compression flag
    expect(await verdict(1, patched(own, 6, [0]))).toMatch(/^(tamper|version)$/); // algorithm: none
    expect(await verdict(1, patched(own, 7, [3]))).toBe('version'); // another serializer
  });

  it('does not live longer than it was sealed for', async () => {
    const { stored, verdict } = await world(open, kind);
    const entry = await stored(1);
    const later = Buffer.alloc(8);
    later.writeBigUInt64LE(entry.readBigUInt64LE(24) + 1_000_000n);
    expect(await verdict(1, patched(entry, 24, [...later]))).toBe('tamper');
  });

  it('is not taken again after a newer one, nor after an invalidation', async () => {
    const { load, stored, plant, verdict, runs } = await world(open, kind);
    const old = await stored(1);
    const oldRun = runs();
    await until(() => Date.now() > Number(old.readBigUInt64LE(8)) + 2); // another millisecond
    await cacheOf(load).refresh(1);
    await flush();
    expect(await verdict(1, old)).toBe('replayed');
    await cacheOf(load).invalidate(1);
    await plant(1, old);
    expect(await verdict(1, old)).toBe('superseded');
    expect(await load(1)).toMatch(/^1 run \d+$/);
    expect(await load(1)).not.toBe(`1 run ${oldRun}`);
  });
});

describe.skipIf(url === '').each(stores)('entries of tenants in %s', (_name, open) => {
  it('are not found, nor opened, as those of another', async () => {
    const { load, backend } = await world(open, 'sealed');
    const of = (tenant: string) => runWithTenant(tenant, () => load(1));
    await of('a');
    await of('b');
    await flush();
    const [a, b] = ['a', 'b'].map((tenant) => runWithTenant(tenant, () => cacheOf(load).key(1))) as [
      string,
      string,
    ];
    const [ofA, ofB] = [await backend.get(a, never), await backend.get(b, never)].map((bytes) =>
      Buffer.from(bytes ?? []),
    ) as [Buffer, Buffer];
    const discards = recordEvents('cachekit:discard');
    await backend.set(a, ofB, LIFE_MS, never);
    await of('a');
    await flush();
    await backend.set(a, patched(ofB, 64, [...ofA.subarray(64, 80)]), LIFE_MS, never);
    await of('a');
    discards.stop();
    expect(discards.events.map(({ reason }) => reason)).toEqual(['other-key', 'tamper']);
  });
});

describe.skipIf(url === '').each(stores)('a sealed entry of interop/v1 in %s', (_name, open) => {
  it('is refused after the change of any bit, plain, cut, or of another call', async () => {
    // Keys of interop have no prefix of ours.
    const namespace = `attacks-${process.pid}-${Date.now()}`;
    const settings = { l1: false, namespace, interop: 'get_user' };
    const { stored, verdict } = await world(open, 'sealed', { settings });
    const [entry, other] = [await stored(1), await stored(2)];
    expect(await verdict(1, entry)).toBeUndefined();
    for (let bit = 0; bit < entry.length * 8; bit++) {
      const changed = patched(entry, bit >> 3, [entry.readUInt8(bit >> 3) ^ (1 << (bit & 7))]);
      expect(await verdict(1, changed)).toBe('tamper');
    }
    for (let length = 0; length < entry.length; length++)
      expect(await verdict(1, entry.subarray(0, length))).toMatch(/^(tamper|decode)$/);
    expect(await verdict(1, other)).toBe('tamper');
    expect(await verdict(1, encodeInterop('plain, and long enough for a tag'))).toBe('tamper');
  });
});

describe.skipIf(url === '').each(stores)('the names of secure functions in %s', (_name, open) => {
  it('tell nothing: neither arguments nor tags, functions or namespaces are readable', async () => {
    const backend = open();
    const appended: string[] = [];
    const log = backend.log;
    if (log === undefined) throw new Error('both stores have a log');
    const noting: Backend = Object.assign(Object.create(backend) as Backend, {
      log: {
        appendKey: (request, signal) => (
          appended.push(JSON.stringify(request)),
          log.appendKey(request, signal)
        ),
        appendGroup: (request, signal) => (
          appended.push(JSON.stringify(request)),
          log.appendGroup(request, signal)
        ),
        sync: (...args) => log.sync(...args),
        positions: (...args) => log.positions(...args),
        follow: (...args) => log.follow(...args),
      } satisfies Backend['log'],
    });
    const { load } = await world(() => noting, 'sealed', {
      id: 'app/src/canary#loadCanary',
      settings: { l1: false, namespace: 'canary-space' },
      rules: { tags: () => ['canary-tag'] },
    });
    await load(1);
    await flush();
    await cacheOf(load).invalidate(1);
    await cacheOf(load).invalidateAll();
    expect(appended.length).toBeGreaterThanOrEqual(2);
    expect(appended.join()).not.toMatch(/canary|loadCanary|app\/src/);
    const plain = oneNumber(async () => 'x', { ...load.descriptor, profile: 'default' });
    await cacheOf(plain).invalidateAll();
    const id = /"(f:[\w-]{16})"/.exec(appended.at(-1) ?? '')?.[1];
    expect(id).toBeDefined();
    // Not the hash that anybody can compute either.
    expect(appended.slice(0, -1).join()).not.toContain(id);
  });
});
