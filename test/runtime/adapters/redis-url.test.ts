// What a Redis URL may say, and that a wrong one is refused without repeating it.
import { expect, test } from 'vitest';
import { redisBackend } from '../../../runtime/adapters/redis/index.ts';
import { parseRedisTarget, parseRedisUrl } from '../../../runtime/adapters/redis/redis-url.ts';

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

test('a URL of Sentinel names Sentinels, master, logins and database', () => {
  expect(
    parseRedisTarget(
      'redis+sentinel://app:p%40s@s@a.example:26380,[::1],10.0.0.3/my%20master/3?tls=true&sentinelPassword=x%26y',
    ),
  ).toEqual({
    kind: 'sentinel',
    sentinels: [
      { host: 'a.example', port: 26380 },
      { host: '::1', port: 26379 },
      { host: '10.0.0.3', port: 26379 },
    ],
    masterName: 'my master',
    login: { username: 'app', password: 'p@s@s', db: 3, tls: {} },
    sentinelLogin: { password: 'x&y', db: 0, tls: {} },
  });
});

test('a URL of a cluster names some of its nodes', () => {
  expect(parseRedisTarget('redis+cluster://:pw@h1:7000,h2')).toEqual({
    kind: 'cluster',
    seeds: [
      { host: 'h1', port: 7000 },
      { host: 'h2', port: 6379 },
    ],
    login: { password: 'pw', db: 0 },
  });
  expect(parseRedisTarget('redis+cluster://h1/?tls=false')).toMatchObject({ login: { db: 0 } });
});

test('a URL of one server is as before', () => {
  expect(parseRedisTarget('rediss://10.0.0.1:7/2')).toEqual({
    kind: 'server',
    address: { host: '10.0.0.1', port: 7, db: 2, tls: {} },
  });
});

test.each([
  ['redis+sentinel://u:hunter2@a:1,b:2', /name the master/],
  ['redis+sentinel://u:hunter2@a:1/m/0/x', /name the master/],
  ['redis+sentinel://u:hunter2@a:1/m/one', /database number/],
  ['redis+sentinel://u:hunter2@/m', /host:port/],
  ['redis+sentinel://u:hunter2@a:1,,b:2/m', /host:port/],
  ['redis+sentinel://u:hunter2@a:70000/m', /host:port/],
  ['redis+cluster://u:hunter2@a:1/0', /one database/],
  ['redis+cluster://u:hunter2@a:1?tls=1', /true or false/],
  ['redis+cluster://u:pass?hunter2@a:1', /host:port|not known/],
  ['redis+cluster://u:hunter2@a:1?scaleReads=slave', /not known/],
  ['redis+cluster://u:hunter2@a b:1', /host:port/],
])('%s is refused, without its password', (url, why) => {
  expect(() => redisBackend(url)).toThrow(expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG' }));
  expect(() => redisBackend(url)).toThrow(why);
  expect(() => redisBackend(url)).not.toThrow(/hunter2/);
});

test.each([0, 1.5, 65, Number.NaN])('%s connections are refused', (connections) => {
  expect(() => redisBackend('redis://h', { connections })).toThrow(/connections/);
});

test('nothing connects before the first operation', async () => {
  const backend = redisBackend('redis://127.0.0.1:1');
  await backend.close?.();
  await expect(backend.get('k', new AbortController().signal)).rejects.toMatchObject({ kind: 'transient' });
});

test('a time-out that no timer can wait for is refused', () => {
  for (const option of ['connectTimeout', 'socketTimeout'])
    expect(() => redisBackend('redis://h', { [option]: '30d' })).toThrow(
      `\`${option}\` is longer than 24 days`,
    );
});
