import { AsyncLocalStorage } from 'node:async_hooks';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  cacheOf,
  configure,
  flush,
  subscribe,
  type CacheEvents,
  type Logger,
} from '../../../runtime/index.ts';
import { createLineLimit } from '../../../runtime/observe/logger-limit.ts';
import { jsonSink } from '../../../runtime/observe/logger.ts';
import { notice } from '../../../runtime/observe/notice.ts';
import { isObserved, publish } from '../../../runtime/observe/publish.ts';
import { faultyBackend } from '../../../runtime/testing/faulty-backend.ts';
import { manualClock, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { runChild } from '../../helpers/run-child.ts';
import { oneNumber, textValue } from '../site/hand-written.ts';

beforeEach(resetCacheKit);
afterEach(() => vi.restoreAllMocks());

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** Keeps lines. Methods use `this`, as those of pino do. */
class Recorder implements Logger {
  readonly lines: Line[] = [];
  readonly debug = this.#at('debug');
  readonly info = this.#at('info');
  readonly warn = this.#at('warn');
  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', message, fields: { ...fields } });
  }
  #at(level: string) {
    return (fields: object, message: string): void => {
      this.lines.push({ level, message, fields: { ...fields } });
    };
  }
  of(message: string): Line[] {
    return this.lines.filter((line) => line.message === message);
  }
}

const tampered = (): void => publish('cachekit:discard', { site: 'a#f', namespace: 'n', reason: 'tamper' });

describe('configure({ logger })', () => {
  it('hears of calls that left memory, with the fields of the parent and no key', async () => {
    const logger = new Recorder();
    configure({ logger });
    const load = oneNumber(async () => 'x', { value: textValue, settings: { namespace: 'logged' } });
    await load(1);
    await load(1);
    await flush();
    const { fields, level } = logger.of('cache miss')[0]!;
    expect(level).toBe('debug');
    expect(fields).toEqual({
      operation: 'get',
      site: cacheOf(load).id,
      namespace: 'logged',
      serializer: 'std',
      hit: false,
      tier: 'origin',
      reason: 'absent',
      duration_ms: expect.any(Number) as number,
    });
    expect(logger.lines.some((line) => line.message.startsWith('cache hit'))).toBe(false);
    expect(isObserved('cachekit:call')).toBe(false);
  });

  it('hears of a backend that goes away, at warn, and of its kind only', async () => {
    const logger = new Recorder();
    const backend = faultyBackend(memoryBackend(), [{ operation: 'get', do: 'transient' }]);
    configure({ logger, backend, circuitBreaker: { failureThreshold: 1, recoveryTimeout: '1h' } });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    expect(logger.of('backend operation failed')[0]).toMatchObject({
      level: 'warn',
      fields: { operation: 'get', error: true, error_type: 'transient' },
    });
    expect(logger.of('backend is down')[0]?.level).toBe('warn');
  });

  it('hears notices as warnings', () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const logger = new Recorder();
    configure({ logger });
    notice('CACHEKIT_TESTED', 'Said once.');
    expect(logger.lines).toEqual([
      { level: 'warn', message: 'Said once.', fields: { code: 'CACHEKIT_TESTED' } },
    ]);
  });

  it('writes at most 10 lines a second of a kind, and says how many it left out', async () => {
    const clock = manualClock();
    const logger = new Recorder();
    configure({ logger, clock });
    for (let i = 0; i < 100; i++) tampered();
    publish('cachekit:discard', { site: 'a#f', namespace: 'n', reason: 'checksum' });
    expect(logger.lines).toHaveLength(11);
    await clock.advance(1000);
    tampered();
    expect(logger.lines.at(-1)?.fields).toMatchObject({ reason: 'tamper', suppressed: 90 });
    tampered();
    expect(logger.lines.at(-1)?.fields).not.toHaveProperty('suppressed');
  });

  it('loses a line, and nothing else, when the logger throws or rejects', async () => {
    const throws = (): never => {
      throw new Error('full');
    };
    configure({ logger: { debug: throws, info: throws, warn: throws, error: throws } });
    const load = oneNumber(async () => 'x', { value: textValue });
    expect(await load(1)).toBe('x');
    const rejects = (): Promise<never> => Promise.reject(new Error('full'));
    configure({ logger: { debug: rejects, info: rejects, warn: rejects, error: rejects } });
    expect(await load(1)).toBe('x');
  });

  it('does not hear itself when it uses a cached function', async () => {
    let lines = 0;
    const inner = oneNumber(async () => 'x', { value: textValue });
    const log = (): void => {
      lines++;
      void inner(lines);
    };
    configure({ logger: { debug: log, info: log, warn: log, error: log } });
    tampered();
    expect(lines).toBe(1);
    await flush();
    expect(lines).toBeLessThan(50);
  });

  it('prints one line per event on console, whatever the message holds', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    configure({ logger: console });
    notice('CACHEKIT_TESTED', '100 %s sure');
    expect(warn).toHaveBeenCalledWith('%s %s', '100 %s sure', '{"code":"CACHEKIT_TESTED"}');
  });

  it('writes through pino as it is, with its levels', async () => {
    const lines: Record<string, unknown>[] = [];
    const write = (text: string): void => void lines.push(JSON.parse(text) as Record<string, unknown>);
    configure({ backend: 'none', logger: pino({ level: 'debug' }, { write }), correlationId: () => 'r-1' });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    tampered();
    const [miss, ran, discarded] = ['cache miss', 'function ran', 'entry discarded'].map((message) =>
      lines.find(({ msg }) => msg === message),
    );
    expect(miss).toMatchObject({ level: 20, site: cacheOf(load).id, hit: false, correlation_id: 'r-1' });
    expect(ran).toMatchObject({ level: 20, ok: true });
    expect(discarded).toMatchObject({ level: 40, reason: 'tamper' });
    expect(JSON.stringify(lines)).not.toContain(cacheOf(load).key(1));
  });

  it('stops with the next configuration', () => {
    const logger = new Recorder();
    configure({ logger });
    configure({ logger: undefined });
    tampered();
    expect(logger.lines).toEqual([]);
    expect(isObserved('cachekit:discard')).toBe(false);
  });

  it('is refused when it is none', () => {
    expect(() => configure({ logger: { warn: () => undefined } as never })).toThrow(/`logger`/);
    expect(() => configure({ correlationId: 'x' as never })).toThrow(/`correlationId`/);
  });
});

describe('configure({ correlationId })', () => {
  it('is in events and lines, each with the id of its own request', async () => {
    const request = new AsyncLocalStorage<string>();
    const logger = new Recorder();
    configure({ logger, correlationId: () => request.getStore(), backend: memoryBackend() });
    const seen = new Set<string | undefined>();
    const stop = subscribe('cachekit:call', (event: CacheEvents['cachekit:call']) =>
      seen.add(event.correlationId),
    );
    const load = oneNumber(async () => 'x', { value: textValue });
    await Promise.all(['a', 'b'].map((id, at) => request.run(id, () => load(at))));
    await load(9);
    await flush();
    stop();
    expect(seen).toEqual(new Set(['a', 'b', undefined]));
    for (const operation of ['get', 'set']) {
      const lines = logger.of('backend operation').filter((line) => line.fields['operation'] === operation);
      const ids = lines.map((line) => line.fields['correlation_id']);
      expect({ operation, ids: new Set(ids) }).toEqual({ operation, ids: new Set(['a', 'b', undefined]) });
    }
  });

  it('costs nothing but itself when it throws or gives nonsense', async () => {
    const logger = new Recorder();
    for (const correlationId of [
      (): never => {
        throw new Error('no');
      },
      () => 7 as never,
      () => '',
    ]) {
      configure({ logger, correlationId });
      tampered();
    }
    configure({ logger, correlationId: () => 'x'.repeat(5000) });
    tampered();
    expect(logger.lines.map((line) => (line.fields['correlation_id'] as string | undefined)?.length)).toEqual(
      [undefined, undefined, undefined, 128],
    );
  });

  it('is not asked when nobody listens', async () => {
    const correlationId = vi.fn<() => string>(() => 'x');
    configure({ correlationId });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    await flush();
    expect(correlationId).not.toHaveBeenCalled();
  });
});

describe('CACHEKIT_LOG_LEVEL', () => {
  const script = (level: string, then = '') => `
    process.env.CACHEKIT_LOG_LEVEL = ${JSON.stringify(level)};
    process.env.CACHEKIT_BACKEND = 'none';
    const { cached, configure } = await import('./runtime/index.ts');
    ${then}
    const load = cached(async (id) => id);
    await load(1);
  `;
  const jsonLines = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('writes JSON lines on stderr and nothing on stdout', async () => {
    const { stdout, stderr, code } = await runChild(script('debug'));
    expect([code, stdout]).toEqual([0, '']);
    expect(jsonLines(stderr).find((line) => line['message'] === 'cache miss')).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
      level: 'debug',
      logger: 'cachekit',
      hostname: expect.any(String) as string,
      pid: expect.any(Number) as number,
      thread_id: 0,
      operation: 'get',
      hit: false,
    });
  });

  it('is a threshold; unset, ill-typed or with a logger nothing is written', async () => {
    const quiet = [
      script('error'),
      script(''),
      script('loud'),
      script('debug', `configure({ logger: { debug() {}, info() {}, warn() {}, error() {} } });`),
    ];
    for (const code of quiet) expect(jsonLines((await runChild(code)).stderr)).toEqual([]);
  });
});

describe('jsonSink', () => {
  it('keeps one line a line, and loses it when the pipe is gone', () => {
    const written: string[] = [];
    const fields = { site: 'a\nb', correlation_id: '"}\n' };
    jsonSink((text) => written.push(text))({ level: 'info', message: 'm\n', fields });
    expect(written[0]?.trimEnd()).not.toContain('\n');
    expect(JSON.parse(written[0]!)).toMatchObject({ ...fields, message: 'm\n' });
    const gone = jsonSink(() => {
      throw new Error('EPIPE');
    });
    expect(() => gone({ level: 'info', message: 'm', fields: {} })).not.toThrow();
  });
});

describe('createLineLimit', () => {
  it('starts afresh with a clock that counts from elsewhere', () => {
    let nowMs = 1e9;
    const limit = createLineLimit(() => nowMs);
    for (let i = 0; i < 20; i++) limit('a');
    nowMs = 0;
    expect(limit('a')).toBe(10);
  });
});
