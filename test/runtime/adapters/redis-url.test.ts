// What a Redis URL may say, and that a wrong one is refused without repeating it.
import { expect, test } from 'vitest';
import { redisBackend } from '../../../runtime/adapters/redis/index.ts';
import { parseRedisUrl } from '../../../runtime/adapters/redis/redis-url.ts';

test('host, port, user, password and database are read', () => {
  expect(parseRedisUrl('redis://app:p%40ss@cache.example:6380/3')).toEqual({
    host: 'cache.example',
    port: 6380,
    username: 'app',
    password: 'p@ss',
    db: 3,
  });
});

test('rediss verifies the name of the server', () => {
  expect(parseRedisUrl('rediss://cache.example')).toMatchObject({
    port: 6379,
    tls: { servername: 'cache.example' },
  });
});

test('an IPv6 address loses its brackets', () => {
  expect(parseRedisUrl('redis://[::1]:7000').host).toBe('::1');
});

test('the query cannot change how the client behaves', () => {
  expect(parseRedisUrl('redis://h?enableOfflineQueue=true&tls=false')).toEqual({
    host: 'h',
    port: 6379,
    db: 0,
  });
});

test.each([
  'http://user:hunter2@host',
  'redis+sentinel://user:hunter2@a:1,b:2/mymaster',
  'redis+cluster://:hunter2@a:1',
  'redis://:hunter2@host/not-a-number',
  'redis://:hunter2@host:99999',
  'not a url hunter2',
])('%s is refused, and the text keeps the password to itself', (url) => {
  expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG' }));
  expect(() => parseRedisUrl(url)).not.toThrow(/hunter2/);
});

test('Sentinel and Cluster are named as not supported yet', () => {
  expect(() => parseRedisUrl('redis+sentinel://a:1')).toThrow(/redis\+sentinel: is not supported yet/);
  expect(() => parseRedisUrl('redis+cluster://a:1')).toThrow(/redis\+cluster: is not supported yet/);
});

test.each([0, 1.5, 65, Number.NaN])('%s connections are refused', (connections) => {
  expect(() => redisBackend('redis://h', { connections })).toThrow(/connections/);
});

test('nothing connects before the first operation', async () => {
  const backend = redisBackend('redis://127.0.0.1:1');
  await backend.close?.();
  await expect(backend.get('k', new AbortController().signal)).rejects.toMatchObject({ kind: 'transient' });
});
