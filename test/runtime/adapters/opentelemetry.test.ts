import { setTimeout as pause } from 'node:timers/promises';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { opentelemetry } from '../../../runtime/adapters/opentelemetry/index.ts';
import { cacheOf, configure, flush } from '../../../runtime/index.ts';
import { isObserved } from '../../../runtime/observe/publish.ts';
import { faultyBackend } from '../../../runtime/testing/faulty-backend.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { gate, oneNumber, syncNumber, textValue } from '../site/hand-written.ts';

const exporter = new InMemorySpanExporter();
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer(
  'test',
);
let stop: () => void = () => undefined;

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());
beforeEach(async () => {
  await resetCacheKit();
  stop = opentelemetry({ tracer });
  exporter.reset();
});
afterEach(() => stop());

const spans = (name: string): ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === `cachekit ${name}`);
const idOf = (span: ReadableSpan | undefined): string | undefined => span?.spanContext().spanId;
const parentOf = (span: ReadableSpan | undefined): string | undefined => span?.parentSpanContext?.spanId;

describe('opentelemetry()', () => {
  it('puts call, backend operations, run and what the function does into one trace', async () => {
    configure({ backend: memoryBackend() });
    const load = oneNumber(
      async () => {
        await pause(1);
        tracer.startSpan('query').end();
        return 'x';
      },
      { value: textValue, settings: { namespace: 'traced' } },
    );
    await tracer.startActiveSpan('request', async (request) => {
      await load(1);
      request.end();
    });
    await flush();
    const request = exporter.getFinishedSpans().find((span) => span.name === 'request');
    const query = exporter.getFinishedSpans().find((span) => span.name === 'query');
    const [call] = spans('call');
    const [run] = spans('run');
    expect(parentOf(call)).toBe(idOf(request));
    expect(parentOf(run)).toBe(idOf(call));
    expect(parentOf(query)).toBe(idOf(run));
    const gets = spans('backend').filter((span) => span.attributes['cachekit.operation'] === 'get');
    expect(gets.map(parentOf)).toEqual(gets.map(() => idOf(call)));
    expect(new Set(exporter.getFinishedSpans().map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(call?.attributes).toEqual({
      'cachekit.site': cacheOf(load).id,
      'cachekit.namespace': 'traced',
      'cachekit.status': 'miss',
      'cachekit.tier': 'origin',
      'cachekit.reason': 'absent',
    });
    expect(spans('backend').map((span) => span.attributes['cachekit.outcome'])).not.toContain(undefined);
  });

  it('keeps queued reads and background writes in the trace of their own request', async () => {
    configure({ backend: memoryBackend(), backpressure: { maxConcurrent: 1 } });
    const load = oneNumber(async () => 'x', { value: textValue });
    const request = (id: number): Promise<string> =>
      tracer.startActiveSpan('request', async (span) => {
        await load(id);
        span.end();
        return span.spanContext().traceId;
      });
    const traceIds = await Promise.all(Array.from({ length: 8 }, (_, id) => request(id)));
    await flush();
    for (const operation of ['get', 'set']) {
      const found = spans('backend').filter((span) => span.attributes['cachekit.operation'] === operation);
      const ids = new Set(found.map((span) => span.spanContext().traceId));
      expect({ operation, ids }).toEqual({ operation, ids: new Set(traceIds) });
    }
  });

  it('says nothing of hits in memory, and leaves them fast', async () => {
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    exporter.reset();
    await load(1);
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(isObserved('cachekit:call')).toBe(false);
  });

  it('gives the context back: what follows the call does not belong to it', async () => {
    const load = oneNumber(async () => 'x', { value: textValue });
    await tracer.startActiveSpan('request', async (request) => {
      const running = load(1);
      expect(trace.getActiveSpan()).toBe(request);
      await running;
      expect(trace.getActiveSpan()).toBe(request);
      request.end();
    });
  });

  it('has a span for each caller that waits, and one run', async () => {
    const { promise, open } = gate<string>();
    const load = oneNumber(() => promise, { value: textValue });
    const calls = [load(1), load(1), load(1)];
    open('x');
    await Promise.all(calls);
    expect([spans('call').length, spans('run').length]).toEqual([3, 1]);
  });

  it('marks the failure of a function without its message', async () => {
    configure({ backend: 'none' });
    const load = oneNumber(async () => Promise.reject(new Error('canary')), { value: textValue });
    await expect(load(1)).rejects.toThrow('canary');
    const throwing = oneNumber(
      (): Promise<string> => {
        throw new Error('canary');
      },
      { value: textValue },
    );
    expect(() => throwing(1)).toThrow('canary');
    for (const span of [...spans('run'), ...spans('call')]) {
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
      expect(span.events).toEqual([]);
    }
    expect(spans('run')).toHaveLength(2);
    expect(spans('call')).toHaveLength(2);
  });

  it('does not catch what nobody awaits', async () => {
    configure({ backend: 'none' });
    const load = oneNumber(async () => Promise.reject(new Error('unheard')), { value: textValue });
    const heard: unknown[] = [];
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => heard.push(error));
    void load(1);
    await pause(5);
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
    expect(heard).toHaveLength(1);
  });

  it('marks a backend operation that failed by its kind', async () => {
    configure({ backend: faultyBackend(memoryBackend(), [{ operation: 'get', do: 'timeout' }]) });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    const failed = spans('backend').filter((span) => span.status.code === SpanStatusCode.ERROR);
    expect(failed[0]?.attributes).toMatchObject({
      'cachekit.operation': 'get',
      'cachekit.outcome': 'timeout',
    });
    expect(spans('call')[0]?.attributes['cachekit.reason']).toBe('timeout');
  });

  it('traces synchronous functions and refreshes', async () => {
    const load = syncNumber(() => 'x', { value: textValue });
    expect(load(1)).toBe('x');
    expect(parentOf(spans('run')[0])).toBe(idOf(spans('call')[0]));
    const other = oneNumber(async () => 'x', { value: textValue });
    await cacheOf(other).refresh(1);
    expect(spans('run').map((span) => span.attributes['cachekit.cause'])).toEqual(['miss', 'refresh']);
  });

  it('survives a tracer that throws', async () => {
    stop();
    stop = opentelemetry({
      tracer: {
        startSpan() {
          throw new Error('broken');
        },
        startActiveSpan() {
          throw new Error('broken');
        },
      },
    });
    const load = oneNumber(async () => 'x', { value: textValue });
    expect(await load(1)).toBe('x');
  });

  it('is on once, and off after stop', async () => {
    expect(opentelemetry({ tracer })).toBe(stop);
    stop();
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
