// The dev view without a browser: what it counts, what it shows, whom it answers.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { devView, type DevView, type DevViewOptions } from '../../../runtime/adapters/dev/index.ts';
import {
  LATENCY_BOUNDS_MS,
  latencyBelowMs,
  LatencyRecorder,
} from '../../../runtime/adapters/dev/latency-histogram.ts';
import { LIVE_SCRIPT } from '../../../runtime/adapters/dev/page.ts';
import { renderFigures } from '../../../runtime/adapters/dev/render-figures.ts';
import { cached, cacheOf, configure, flush } from '../../../runtime/index.ts';
import { faultyBackend, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue } from '../site/hand-written.ts';

let folder: string;
let views: DevView[] = [];
let server: Server | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cachekit-view-'));
  await resetCacheKit();
});
afterEach(() => {
  for (const view of views) view.stop();
  views = [];
  server?.close();
  server = undefined;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: DevViewOptions = {}): DevView {
  const view = devView({ manifest: join(folder, 'none.json'), ...options });
  views.push(view);
  return view;
}

const viewOf = (view: DevView, id: string) => view.snapshot().functions.find((one) => one.id === id);

describe('what it counts', () => {
  it('is what the handle counts, with the reasons and times that events give', async () => {
    const view = open();
    configure({ backend: memoryBackend() });
    const load = oneNumber(async (id: number) => (id < 0 ? Promise.reject(new Error('no')) : 'x'), {
      value: textValue,
    });
    for (const id of [1, 1, 1, 2]) await load(id);
    await load(-1).catch(() => undefined);
    await flush();
    const { id } = cacheOf(load);
    const found = viewOf(view, id);
    expect(found?.counts).toMatchObject({ calls: 5, hits: 2, l1Hits: 2, misses: 3 });
    expect(found?.reasons).toEqual([{ name: 'miss: absent', count: 3 }]);
    expect(found?.runs.count).toBe(3);
    expect(found?.failedRuns).toBe(1);
    expect(view.snapshot().backends.map(({ name }) => name)).toEqual(['memory']);
  });

  it('tells hits of the second tier with their times, and stops when told', async () => {
    const view = open();
    configure({ backend: memoryBackend() });
    const load = oneNumber(async () => 'x', { value: textValue, settings: { l1: false } });
    await load(1);
    await flush();
    await load(1);
    expect(viewOf(view, cacheOf(load).id)?.backendHits.count).toBe(1);
    view.stop();
    await load(1);
    expect(viewOf(view, cacheOf(load).id)?.backendHits.count).toBe(1);
  });

  it('tells what a backend does, what its breaker thinks, and what was invalidated', async () => {
    const view = open();
    configure({
      backend: faultyBackend(memoryBackend(), [{ operation: 'get', do: 'transient' }]),
      circuitBreaker: { failureThreshold: 1 },
    });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    await load(2);
    await cacheOf(load).invalidate(1);
    const { backends, invalidations } = view.snapshot();
    expect(backends[0]?.outcomes).toEqual(expect.arrayContaining([{ name: 'transient', count: 1 }]));
    expect(backends[0]?.states).toEqual(['breaker reads-open', 'backend down']);
    expect(invalidations.map(({ name }) => name)).toEqual([expect.stringMatching(/^call, local/)]);
  });

  it('adds up the sites of one id, as a hot reload leaves them', async () => {
    const view = open();
    configure({ backend: 'none' });
    const twice = [1, 2].map((step) => cached(async (id: number) => id + step, { name: 'twice' }));
    for (const load of twice) await load(1);
    expect(viewOf(view, 'twice')?.counts).toMatchObject({ calls: 2, misses: 2 });
  });
});

describe('the manifest', () => {
  const manifest = (name: string) => ({
    version: 1,
    sites: [
      {
        id: 'app/src/a#load',
        name,
        file: 'src/a.ts',
        line: 7,
        profile: { value: 'production', reason: 'marker' },
        key: { parts: ['id', 'page'], reason: 'all' },
        serializer: { value: 'std', reason: 'default' },
      },
    ],
    writers: [],
  });

  it('adds functions that are not loaded, and is read again when it changes', () => {
    const file = join(folder, 'list.json');
    writeFileSync(file, JSON.stringify(manifest('load')));
    const view = open({ manifest: file });
    expect(viewOf(view, 'app/src/a#load')).toMatchObject({
      name: 'load',
      place: 'src/a.ts:7',
      key: ['id', 'page'],
      why: 'marker',
      counts: undefined,
    });
    expect(renderFigures(view.snapshot())).toContain('not loaded');
    writeFileSync(file, JSON.stringify(manifest('renamed')));
    utimesSync(file, 1, 1);
    expect(viewOf(view, 'app/src/a#load')?.name).toBe('renamed');
  });

  it.each(['', '{', '[]', '{"version":2,"sites":[]}', '{"version":1,"sites":[7]}'])(
    'that is none is left out: %j',
    (text) => {
      const file = join(folder, 'list.json');
      writeFileSync(file, text);
      expect(open({ manifest: file }).snapshot().manifest).toBeUndefined();
    },
  );

  it('cannot put markup into the page', () => {
    const file = join(folder, 'list.json');
    writeFileSync(file, JSON.stringify(manifest('<img src=x onerror="alert(1)">')));
    const html = renderFigures(open({ manifest: file }).snapshot());
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
  });
});

describe('latencies', () => {
  it('fall into the bucket that is just not below them, the slowest into the last', () => {
    const recorder = new LatencyRecorder();
    for (const ms of [...LATENCY_BOUNDS_MS, 99_999]) recorder.add(ms);
    expect(recorder.buckets).toEqual(recorder.buckets.map(() => 1));
    expect(recorder.buckets).toHaveLength(LATENCY_BOUNDS_MS.length + 1);
  });

  it('have shares below a bound', () => {
    const recorder = new LatencyRecorder();
    expect(latencyBelowMs(recorder, 0.95)).toBeUndefined();
    for (let i = 0; i < 95; i++) recorder.add(3);
    for (let i = 0; i < 5; i++) recorder.add(9000);
    expect(latencyBelowMs(recorder, 0.95)).toBe(5);
    expect(latencyBelowMs(recorder, 0.96)).toBeUndefined();
  });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function ask(
  view: DevView,
  path: string,
  options: { headers?: Record<string, string>; method?: string } = {},
): Promise<Answer> {
  server ??= createServer((req, res) => {
    if (!view.handle(req, res)) res.writeHead(404).end('not ours');
  });
  if (!server.listening) await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    sent.on('error', reject).end();
  });
}

describe('whom it answers', () => {
  it('answers this machine, and forbids the page to load anything from elsewhere', async () => {
    const view = open();
    const page = await ask(view, '/');
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers).not.toHaveProperty('access-control-allow-origin');
    // Everything the page refers to is here.
    for (const [, path] of page.text.matchAll(/(?:src|href)="((?!data:)[^"]+)"/g))
      expect((await ask(view, `/${path}`)).status).toBe(200);
    const asked = /fetch\('(\w+)'/.exec(LIVE_SCRIPT)?.[1];
    expect((await ask(view, `/${asked}`)).text).toContain('<h2>Functions</h2>');
    expect(JSON.parse((await ask(view, '/data.json')).text)).toMatchObject({ version: 1, pid: process.pid });
  });

  it.each([
    { headers: { host: 'evil.example' } },
    { headers: { host: 'localhost.evil.example:80' } },
    { headers: { 'x-forwarded-for': '203.0.113.7' } },
    { headers: { forwarded: 'for=203.0.113.7' } },
  ])('refuses a name from elsewhere, and a proxy: $headers', async ({ headers }) => {
    const answer = await ask(open(), '/data.json', { headers });
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain('functions');
  });

  it('takes no other methods, and leaves other paths to others', async () => {
    const view = open({ base: '/cache/' });
    expect((await ask(view, '/cache/', { method: 'POST' })).status).toBe(405);
    expect((await ask(view, '/cache/')).status).toBe(200);
    expect((await ask(view, '/')).text).toBe('not ours');
    expect((await ask(view, '/cache/constructor')).text).toBe('not ours');
  });

  it('is off in production, and says so', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    vi.stubEnv('NODE_ENV', 'production');
    const view = open();
    expect((await ask(view, '/')).status).toBe(404);
    expect(warnings.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining('NODE_ENV')]);
    configure({ backend: 'none' });
    const load = cached(async (id: number) => id, { name: 'silent' });
    await load(1);
    expect(viewOf(view, 'silent')?.reasons).toEqual([]);
  });
});
