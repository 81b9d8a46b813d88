// The network between cache and Redis breaks: refused, silent, late, cut.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { until } from '../helpers/redis-server.ts';
import type { TcpFaultProxy } from '../helpers/tcp-fault-proxy.ts';
import { BACK_MS, backAfterMs, broken, during, guardOn, guardTests, proxyTo, server } from './kit.ts';

const hasRedis = inject('redisUrl') !== '';
guardTests();

describe.runIf(hasRedis)('a network in between', () => {
  const faults: [string, (proxy: TcpFaultProxy) => Promise<void> | void][] = [
    [
      'refused',
      async (proxy) => {
        await proxy.refuse();
        proxy.rst();
      },
    ],
    [
      'accepted, then nothing',
      (proxy) => {
        proxy.hangNew(true);
        proxy.rst();
      },
    ],
    [
      'half open: bytes vanish both ways',
      (proxy) => proxy.set({ up: { blackhole: true }, down: { blackhole: true } }),
    ],
    ['replies vanish', (proxy) => proxy.set({ down: { blackhole: true } })],
    ['400 ms late', (proxy) => proxy.set({ down: { latencyMs: 400 } })],
    ['a reply cut short, then silence', (proxy) => proxy.set({ down: { cutAfterBytes: 3 } })],
  ];

  test.each(faults)('%s', async (_, fault) => {
    const redis = await server();
    const proxy = await proxyTo(redis.port);
    const guard = await guardOn(proxy.url);
    const watch = await during(guard, async (countOf) => {
      await fault(proxy);
      await pause(1000);
      // A busy machine reads less often.
      await until(() => countOf('open') > 50, { what: 'the breaker ends reads' });
    });
    proxy.heal();
    await proxy.accept();
    expect(await backAfterMs(guard)).toBeLessThanOrEqual(BACK_MS);
    expect(broken(watch)).toEqual([]);
    expect(watch.outcomes['open']).toBeGreaterThan(50);
  });

  const blips: [string, (proxy: TcpFaultProxy) => void][] = [
    ['reset', (proxy) => proxy.rst()],
    ['closed in order', (proxy) => proxy.fin()],
    ['a reply cut short, then closed', (proxy) => proxy.set({ down: { finAfterBytes: 3 } })],
  ];

  test.each(blips)('%s, once: used again at once', async (_, fault) => {
    const redis = await server();
    const proxy = await proxyTo(redis.port);
    const guard = await guardOn(proxy.url);
    const watch = await during(guard, async () => {
      fault(proxy);
      await pause(400);
    });
    expect(await backAfterMs(guard)).toBeLessThanOrEqual(BACK_MS);
    expect(broken(watch)).toEqual([]);
  });
});
