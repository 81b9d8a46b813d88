// No option without effect: functions that make backends and exporters refuse names that they do not know.
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { devView } from '../../../runtime/adapters/dev/index.ts';
import { embeddedBackend } from '../../../runtime/adapters/embedded/sqlite-backend.ts';
import { opentelemetry } from '../../../runtime/adapters/opentelemetry/index.ts';
import { prometheus } from '../../../runtime/adapters/prometheus/index.ts';
import { redisBackend } from '../../../runtime/adapters/redis/index.ts';
import { memoryBackend } from '../../../runtime/testing/index.ts';

const wrong = (name: string): never => ({ path: '/tmp', [name]: 1 }) as never; // what types refuse

it.each([
  ['redisBackend()', () => redisBackend('redis://h', { socket_timeout: 1 } as never)],
  ['embeddedBackend()', () => embeddedBackend(wrong('socket_timeout'))],
  ['memoryBackend()', () => memoryBackend({ socket_timeout: 1 } as never)],
  ['prometheus()', () => prometheus({ socket_timeout: 1 } as never)],
  ['opentelemetry()', () => opentelemetry({ socket_timeout: 1 } as never)],
  ['devView()', () => devView({ socket_timeout: 1 } as never)],
])('%s refuses an option that it does not know', (name, call) => {
  expect(call).toThrow(
    expect.objectContaining({
      code: 'ERR_CACHEKIT_CONFIG',
      message: expect.stringMatching(
        `^\`socket_timeout\` is not a setting of ${name.replace('()', '\\(\\)')}`,
      ),
    }),
  );
});

it('says which name was meant', () => {
  expect(() => redisBackend('redis://h', { socket_timeout: '1s' } as never)).toThrow(
    'Did you mean `socketTimeout`?',
  );
});

it('a client of your own takes no options, which would have no effect on it', () => {
  const client = new Redis({ lazyConnect: true });
  expect(() => redisBackend(client, { connections: 2 })).toThrow(
    expect.objectContaining({
      code: 'ERR_CACHEKIT_CONFIG',
      message: expect.stringContaining('`connections` of redisBackend has no effect on a client of your own'),
    }),
  );
  expect(redisBackend(client, {}).name).toBe('redis');
  expect(redisBackend(client).name).toBe('redis');
});
