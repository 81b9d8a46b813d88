// Serializers of the user: as an object at the function, or by their id in configure().
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import { cached, configure, flush, type Serializer } from '../../../runtime/index.ts';
import { createSite } from '../../../runtime/site/create-site.ts';
import type { Body } from '../../../runtime/site/emitted-site.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const upside = (id: string): Serializer => ({
  id,
  serialize: (value) => Buffer.from(JSON.stringify(value)).reverse(),
  deserialize: (bytes) => JSON.parse(Buffer.from(bytes).reverse().toString()) as unknown,
});

function texts(changes: object = {}) {
  let runs = 0;
  return oneNumber(async () => `run ${++runs}`, {
    value: textValue,
    settings: { serializer: 'upside' },
    ...changes,
  });
}

describe('an own serializer', () => {
  it.each(['default', 'secure'] as const)(
    'of configure() writes and reads what names it (%s)',
    async (profile) => {
      const serializers = [upside('upside')];
      const spies = [vi.spyOn(serializers[0] as Serializer, 'serialize')];
      const backend = memoryBackend();
      configure({ backend, serializers, encryption: { masterKey: keygen() } });
      const load = texts({ profile });
      await load(1);
      await flush();
      expect(spies[0]).toHaveBeenCalledWith('run 1');
      configure({});
      expect(await load(1)).toBe('run 1');
    },
  );

  it('given at the function beats the descriptor', async () => {
    configure({ backend: memoryBackend() });
    const { descriptor } = texts();
    const serializer = upside('mine');
    const read = vi.spyOn(serializer, 'deserialize');
    const site = createSite({ ...descriptor, id: 'app/mine#f' }, { serializer });
    let runs = 0;
    const body: Body = async () => `run ${++runs}`;
    await site.run([1], body);
    await flush();
    configure({});
    expect(await site.run([1], body)).toBe('run 1');
    expect(read).toHaveBeenCalledOnce();
  });

  it('that is another one by now is a miss, with its reason', async () => {
    configure({ backend: memoryBackend(), serializers: [upside('upside')] });
    const load = texts();
    await load(1);
    await flush();
    const other = oneNumber(async () => 'again', { ...load.descriptor, settings: { serializer: 'std' } });
    const discards = recordEvents('cachekit:discard');
    expect(await other(1)).toBe('again');
    discards.stop();
    expect(discards.events).toMatchObject([{ reason: 'version' }]);
  });

  it('that throws costs a miss and nothing else', async () => {
    const fault = (): never => {
      throw new Error('canary');
    };
    const serializer = { ...upside('upside'), deserialize: vi.fn<() => unknown>(fault) };
    configure({ backend: memoryBackend(), serializers: [serializer] });
    const load = texts();
    await load(1);
    await flush();
    configure({});
    const discards = recordEvents('cachekit:discard');
    expect(await load(1)).toBe('run 2');
    configure({ serializers: [{ ...upside('upside'), serialize: fault }] });
    expect(await load(2)).toBe('run 3');
    await flush();
    discards.stop();
    expect(discards.events).toMatchObject([{ reason: 'decode' }, { reason: 'unstorable' }]);
  });

  it('that nobody configured leaves the function in memory only, and it is said', async () => {
    configure({ backend: memoryBackend() });
    const notices = recordEvents('cachekit:notice');
    const load = texts();
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 1']);
    await flush();
    notices.stop();
    expect(notices.events).toMatchObject([{ code: 'CACHEKIT_SECOND_TIER' }]);
  });

  it.each([
    ['no list', upside('a')],
    ['an id of a built-in', [upside('std')]],
    ['one id twice', [upside('a'), upside('a')]],
    ['no functions', [{ id: 'a' }]],
  ])('is refused by configure(): %s', (_what, serializers) => {
    expect(() => configure({ serializers: serializers as Serializer[] })).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG' }),
    );
  });

  it('is refused by cached() without its functions', () => {
    const serializer = { id: 'a' } as Serializer;
    expect(() => cached(async (id: number) => id, { serializer })).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG' }),
    );
  });
});
