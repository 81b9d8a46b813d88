// Loads ioredis once, and only in processes that use Redis.
import type { Redis } from 'ioredis';
import { notice } from '../../observe/notice.ts';

let loading: Promise<typeof Redis> | undefined;

/** All callers share one promise. After a failure the next call tries again. */
export function loadClient(): Promise<typeof Redis> {
  loading ??= import('ioredis').then(
    (library) => library.Redis,
    (error: unknown) => {
      loading = undefined;
      warnMissing(error);
      throw error;
    },
  );
  return loading;
}

/** Warns that ioredis is not installed, or is in a bundle where it cannot run. Otherwise only health would show it. */
function warnMissing(error: unknown): void {
  const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
  notice(
    'CACHEKIT_REDIS_CLIENT',
    `The package ioredis cannot be loaded, so Redis is not used. Install it, and keep it out of the bundle (external): ${reason}`,
  );
}
