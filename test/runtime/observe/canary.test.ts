// A secret that a user passes, returns, throws or configures must not be in anything that leaves through observation.
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { devView } from '../../../runtime/adapters/dev/index.ts';
import { renderPage } from '../../../runtime/adapters/dev/page.ts';
import { opentelemetry } from '../../../runtime/adapters/opentelemetry/index.ts';
import { prometheus } from '../../../runtime/adapters/prometheus/index.ts';
import { redisBackend } from '../../../runtime/adapters/redis/index.ts';
import * as cachekit from '../../../runtime/index.ts';
import { LINE_RULES } from '../../../runtime/observe/logger-lines.ts';
import { writeLines } from '../../../runtime/observe/logger-subscription.ts';
import { jsonSink } from '../../../runtime/observe/logger.ts';
import { subscribe } from '../../../runtime/observe/publish.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { byQuery, noArguments, oneNumber, syncNumber, textValue, twoParts } from '../site/hand-written.ts';

const CANARY = 'canary-5f2c9e';

/** Random, as a key has to be; the same rule holds for it. */
const MASTER_KEY = randomBytes(32);

/** Bytes in the encodings in which they could travel, `inspect` included. */
const formsOf = (bytes: Buffer): string[] => [
  bytes.toString('base64').replaceAll('=', ''),
  bytes.toString('base64url'),
  bytes.toString('hex'),
  bytes.toString('hex').replaceAll(/(..)(?!$)/g, '$1 '),
  [...bytes].join(','),
  [...bytes].join(', '),
];
const FORMS = [CANARY, ...formsOf(Buffer.from(CANARY)), ...formsOf(MASTER_KEY)];

/** All of it, hidden properties included. */
const dump = (value: unknown): string =>
  inspect(value, {
    depth: Infinity,
    showHidden: true,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    compact: true,
    breakLength: Infinity,
  });

const expectClean = (sink: string, text: string): void => {
  for (const form of FORMS) expect(text.includes(form), `${sink} shows ${form}`).toBe(false);
};

let stops: (() => void)[] = [];
beforeEach(resetCacheKit);
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  context.disable();
  vi.restoreAllMocks();
});

/** Everything that hears. */
function sinks() {
  const warnings: unknown[] = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((...said: unknown[]) => void warnings.push(said));
  const registry = new Registry();
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const events: unknown[] = [];
  const lines: string[] = [];
  const channels = [...Object.keys(LINE_RULES), 'cachekit:call'] as (keyof cachekit.CacheEvents)[];
  const view = devView();
  stops = [
    () => view.stop(),
    prometheus({ registry }),
    opentelemetry({ tracer: provider.getTracer('test') }),
    writeLines({ sink: jsonSink((text) => lines.push(text)), least: 'debug' }),
    ...channels.map((channel) => subscribe(channel, (event) => events.push(event))),
  ];
  return { registry, exporter, events, lines, warnings, view };
}

const secretError = (): Error =>
  Object.assign(new Error(`failed for ${CANARY}`, { cause: new Error(CANARY) }), { detail: CANARY });

/** A backend that fails in every way, quoting what it was given. */
function quotingBackend(): cachekit.Backend {
  const inner = memoryBackend();
  let gets = 0;
  return {
    ...inner,
    name: 'quoting',
    async get(key, signal) {
      gets++;
      if (gets % 3 === 0) throw secretError();
      if (gets % 5 === 0)
        throw new cachekit.BackendError('auth', `no such user ${CANARY}`, { cause: secretError() });
      if (gets % 7 === 0) return Buffer.from(`ck ${CANARY}`);
      return inner.get(key, signal);
    },
    async set(key, value, ttlMs, signal) {
      if (gets % 2 === 0) throw secretError();
      await inner.set(key, value, ttlMs, signal);
    },
  };
}

/** Calls of all shapes, and what they leave behind. */
async function use(): Promise<object[]> {
  const two = twoParts(async (a: string, b: string) => a + b);
  const query = byQuery(async (q) => q.words?.join() ?? '');
  const none = noArguments(async () => CANARY);
  const sync = syncNumber((id) => `${CANARY}${id}`, { value: textValue });
  const secure = oneNumber(async () => CANARY, { value: textValue, profile: 'secure' });
  const fails = oneNumber(async () => Promise.reject(secretError()), { value: textValue });
  const wrong = oneNumber(async () => ({ [CANARY]: new WeakMap() }));
  const bare = cachekit.cached(async (id: string) => ({ id, [CANARY]: id }), { name: 'bare' });
  for (let i = 0; i < 12; i++) {
    await Promise.allSettled([
      two(CANARY as never, `${CANARY}${i}` as never),
      two(CANARY as never, 'same' as never),
      query({ userId: i, words: [CANARY] }),
      none(),
      secure(i),
      fails(i),
      wrong(i),
      bare(`${CANARY}${i}`),
      bare(CANARY),
      // Arguments that throw when they are read, quoting themselves.
      query({
        userId: i,
        get words(): string[] {
          throw secretError();
        },
      }),
    ]);
    sync(i % 4);
  }
  await cachekit.flush();
  await cachekit.cacheOf(two).invalidate(CANARY, 'same');
  await cachekit.cacheOf(query).invalidateAll();
  await cachekit.cacheOf(bare).refresh(CANARY);
  await cachekit.checkHealth();
  const sites = [two, query, none, sync, secure, fails, wrong].map((fn) => fn.site);
  return [...sites, bare, bare.cache, cachekit.cacheOf(two), cachekit.cacheOf(secure)];
}

it('no sink shows a secret of arguments, values, keys, errors or configuration', async () => {
  const { registry, exporter, events, lines, warnings, view } = sinks();
  const secretUrl = `redis://user:${CANARY}@127.0.0.1:1/0`;
  cachekit.configure({
    backend: quotingBackend(),
    backends: { far: secretUrl },
    encryption: { masterKey: MASTER_KEY },
    circuitBreaker: { failureThreshold: 3, recoveryTimeout: '1ms' },
  });
  const objects = await use();
  // What was heard at all, so that silence is not taken for discretion.
  expect(events.length).toBeGreaterThan(100);
  expect(lines.length).toBeGreaterThan(20);
  expect(exporter.getFinishedSpans().length).toBeGreaterThan(50);
  expectClean('metrics', await registry.metrics());
  expectClean('metrics as JSON', JSON.stringify(await registry.getMetricsAsJSON()));
  for (const { name, attributes, status, events: said } of exporter.getFinishedSpans())
    expectClean('a span', JSON.stringify({ name, attributes, status, said }));
  const page = renderPage(view.snapshot());
  expect(page).toContain('discarded:');
  expectClean('the dev view', page);
  expectClean('its data', JSON.stringify(view.snapshot()));
  expectClean('events', dump(events));
  expectClean('log lines', lines.join(''));
  expectClean('warnings', dump(warnings));
  for (const object of objects) expectClean('an object', dump(object));
  expectClean('the package', dump(cachekit));
  expectClean('globalThis', dump(Reflect.get(globalThis, Symbol.for('cachekit.1'))));
  expectClean('effectiveConfig', dump(cachekit.effectiveConfig()));
  expectClean('checkHealth', dump(await cachekit.checkHealth()));
});

it('neither does an error that reaches a caller', async () => {
  const secure = oneNumber(async () => CANARY, { value: textValue, profile: 'secure' });
  const backend = memoryBackend();
  const never = new AbortController().signal;
  cachekit.configure({ backend, encryption: { masterKey: MASTER_KEY, failClosed: true } });
  const failures: (() => unknown)[] = [
    () => cachekit.configure({ encryption: { masterKey: CANARY } }),
    () => cachekit.configure({ encryption: { masterKey: MASTER_KEY, previousMasterKeys: [CANARY] } }),
    () => cachekit.configure({ keyPrefix: `${CANARY} {}` }),
    () => cachekit.configure({ unknown: CANARY } as never), // its name is said, what it holds is not
    () => cachekit.invalidateNamespace(`${CANARY} ${CANARY}`),
    () => cachekit.cacheOf(secure).set([1], { [CANARY]: CANARY } as never),
    () => cachekit.cacheOf((() => CANARY) as never),
    async () => {
      // Sealed, and spoiled by somebody: the call rejects.
      const key = cachekit.cacheOf(secure).key(7);
      await secure(7);
      await cachekit.flush();
      const bytes = Buffer.from((await backend.get(key, never)) ?? []);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      await backend.set(key, Buffer.concat([bytes]), 60_000, never);
      cachekit.configure({ encryption: { masterKey: MASTER_KEY, failClosed: true } });
      return secure(7);
    },
  ];
  const errors: unknown[] = [];
  for (const fail of failures)
    try {
      await fail();
    } catch (error) {
      errors.push(error);
      expectClean(`an error (${String((error as Error).message)})`, dump(error));
      expectClean('an error as text', `${String(error)} ${(error as Error).stack ?? ''}`);
    }
  expect(errors.length).toBe(failures.length);
  expect(errors).toContainEqual(expect.objectContaining({ code: 'ERR_CACHEKIT_DECRYPT' }));
});

it('neither does a backend made from a URL with a password', async () => {
  const backend = redisBackend(`redis://user:${CANARY}@127.0.0.1:1/0`);
  expectClean('redisBackend', dump(backend));
  await backend
    .get('k', AbortSignal.timeout(200))
    .catch((error: unknown) => expectClean('its error', dump(error)));
  await backend.close?.();
});
