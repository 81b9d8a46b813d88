// Vitest global set-up: one redis-server for all integration tests, or one clear line about what is skipped.
import type { TestProject } from 'vitest/node';
import { findRedisServer, startRedisServer } from './redis-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Empty when there is no redis-server: tests that need one are skipped. */
    redisUrl: string;
  }
}

/** Starts the server and returns how to end it. @throws in CI when there is no redis-server */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (findRedisServer() === undefined) {
    const why =
      'no redis-server on PATH and none named by CACHEKIT_TEST_REDIS_SERVER; tests against Redis are skipped';
    if (process.env['CI'] === 'true') throw new Error(`CI runs every test, but there is ${why}.`);
    console.warn(`Redis: ${why}.`);
    project.provide('redisUrl', '');
    return async () => undefined;
  }
  const server = await startRedisServer();
  project.provide('redisUrl', server.url);
  return () => server.close();
}
