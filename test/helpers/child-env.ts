// The environment of processes that tests start: nothing of the developer's, and what Node compiled once is kept.
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const childEnv = {
  PATH: process.env['PATH'] ?? '',
  NODE_ENV: 'test',
  NO_COLOR: '1',
  // The sources of the compiler are a hundred files, whose types each process would strip anew.
  NODE_COMPILE_CACHE: join(tmpdir(), 'cachekit-test-compile-cache'),
};

/** The same, without warnings of Node. */
export const quietEnv = { ...childEnv, NODE_NO_WARNINGS: '1' };
