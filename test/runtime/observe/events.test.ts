// Every channel, heard: its payloads have the fields that docs/guide/events.md lists, and no others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  cacheOf,
  configure,
  flush,
  invalidateNamespace,
  invalidateTags,
  subscribe,
  type CacheEvents,
} from '../../../runtime/index.ts';
import { isObserved } from '../../../runtime/observe/publish.ts';
import { faultyBackend, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue } from '../site/hand-written.ts';

type Channel = keyof CacheEvents;

interface Fields {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const root = join(import.meta.dirname, '../../..');

/** By channel, as the page says. */
const documented = new Map<string, Fields>(
  readFileSync(join(root, 'docs/guide/events.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `cachekit:'))
    .map((line) => {
      const [, channel = '', , fields = ''] = line.split('|');
      // Values stand in parentheses.
      const names = [...fields.replaceAll(/\([^)]*\)/g, '').matchAll(/`(\w+)(\??)`/g)];
      const named = (mark: string) =>
        names.filter((match) => match[2] === mark).map((match) => match[1] ?? '');
      return [channel.replaceAll(/[` ]/g, ''), { required: named(''), optional: named('?') }];
    }),
);

const channels = [...documented.keys()] as Channel[]; // compared with the source below

beforeEach(resetCacheKit);
afterEach(async () => {
  vi.restoreAllMocks();
  await resetCacheKit();
});

/** Something of everything. */
async function use(): Promise<void> {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  configure({ backend: memoryBackend(), correlationId: () => 'r-1' });
  const load = oneNumber(async () => 'x', { value: textValue, settings: { namespace: 'n', tags: ['t'] } });
  const secret = oneNumber(async () => 'x', { value: textValue, profile: 'secure' });
  const wrong = oneNumber(async () => 7 as never, { value: textValue });
  for (const call of [load, load, wrong]) await call(1);
  // On a busy machine the first calls come before the ciphers are loaded: those run uncached.
  await vi.waitUntil(async () => (await secret(1), cacheOf(secret).stats().hits > 0), { timeout: 10_000 });
  await flush();
  await cacheOf(load).invalidate(1);
  await cacheOf(load).invalidateAll();
  await invalidateTags('t');
  await invalidateNamespace('n');
  configure({
    backend: faultyBackend(memoryBackend(), [{ operation: 'get', do: 'transient' }]),
    circuitBreaker: { failureThreshold: 1 },
  });
  await load(2);
  await load(3);
}

describe('events', () => {
  it('are those of the page', () => {
    const source = readFileSync(join(root, 'runtime/observe/events.ts'), 'utf8');
    const declared = source.slice(0, source.indexOf('interface InternalEvents'));
    const names = [...declared.matchAll(/^ {2}'(cachekit:\w+)'/gm)].map((match) => match[1]);
    expect(channels).toEqual(names);
  });

  it('have the fields of the page, whatever happens', async () => {
    const heard: [Channel, object][] = [];
    const stops = channels.map((name) => subscribe(name, (event) => heard.push([name, event])));
    await use();
    for (const stop of stops) stop();
    expect([...new Set(heard.map(([name]) => name))].toSorted()).toEqual(channels.toSorted());
    for (const [name, event] of heard) {
      const { required = [], optional = [] } = documented.get(name) ?? {};
      const keys = Object.keys(event);
      expect({ name, missing: required.filter((key) => !keys.includes(key)) }).toEqual({ name, missing: [] });
      const known = new Set([...required, ...optional]);
      expect({ name, unknown: keys.filter((key) => !known.has(key)) }).toEqual({ name, unknown: [] });
      for (const value of Object.values(event))
        expect(['string', 'number', 'boolean', 'undefined']).toContain(typeof value);
    }
  });

  it('are not made when nobody listens', async () => {
    const asked = vi.fn<() => string>(() => 'r-1');
    expect(channels.filter((name) => isObserved(name))).toEqual([]);
    configure({ backend: 'none', correlationId: asked });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    await load(1);
    expect(asked).not.toHaveBeenCalled();
  });
});
