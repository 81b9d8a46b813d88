// Functions with `interop` on real stores: what stands there, and the record beside it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { embeddedBackend } from '../../runtime/adapters/embedded/sqlite-backend.ts';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import { cacheOf, close, configure, flush, invalidateNamespace, type Backend } from '../../runtime/index.ts';
import { decodeInterop, encodeInterop, interopKey } from '../../runtime/interop/index.ts';
import { resetCacheKit } from '../../runtime/testing/index.ts';
import { oneNumber } from '../runtime/site/hand-written.ts';

const url = inject('redisUrl');
const never = new AbortController().signal;

const stores: readonly (readonly [name: string, open: (() => Backend) | undefined])[] = [
  ['Redis', url === '' ? undefined : () => redisBackend(url)],
  [
    'the embedded store',
    () => embeddedBackend({ path: mkdtempSync(join(tmpdir(), 'cachekit-interop-')), maxSizeBytes: 2 ** 24 }),
  ],
];

describe.each(stores)('a function with interop on %s', (_name, open) => {
  beforeEach(resetCacheKit);
  afterEach(close);

  it.runIf(open !== undefined)('shares documents, and tells its own from those of others', async () => {
    const backend = (open as () => Backend)(); // runIf
    const namespace = `t${process.pid}-${Date.now()}`;
    // What a busy machine makes slow is not what is tested here.
    configure({ backend, timeout: { initial: '30s', adaptive: false } });
    let runs = 0;
    const settings = { namespace, interop: 'get_user' };
    const load = oneNumber(async (id) => ({ id, tags: [`run ${++runs}`] }), { settings });
    const key = interopKey(namespace, 'get_user', [1]);
    await backend.ping?.(never);
    await load(0); // opens the tier and follows the log
    await flush();
    await load(1);
    await flush();
    const stored = (await backend.get(key, never)) ?? new Uint8Array();
    expect(decodeInterop(stored)).toEqual({ id: 1, tags: ['run 2'] });
    expect(await backend.get(`ck1:s:{${key}}`, never)).toHaveLength(57);
    configure({});
    await load(1);
    expect(cacheOf(load).stats()).toMatchObject({ l2Hits: 1, entries: 1 });

    await cacheOf(load).invalidate(1);
    expect(await backend.get(key, never)).toBeUndefined();
    await backend.set(key, encodeInterop({ id: 1, tags: ['theirs'] }), 60_000, never);
    configure({});
    await load(2);
    await invalidateNamespace(namespace);
    expect(await load(1)).toEqual({ id: 1, tags: [`run ${runs}`] });
    await flush();
    expect(decodeInterop((await backend.get(key, never)) ?? new Uint8Array())).toEqual({
      id: 1,
      tags: [`run ${runs}`],
    });
  });
});
