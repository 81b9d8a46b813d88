// The client library, loaded once and only where Redis is used.
import type { Redis } from 'ioredis';
import { notice } from '../../observe/notice.ts';

let loading: Promise<typeof Redis> | undefined;

/** The same promise for everybody; after a failure it is tried again. */
export function loadClient(): Promise<typeof Redis> {
  loading ??= import('ioredis').then(
    (library) => library.Redis,
    (error: unknown) => {
      loading = undefined;
      sayMissing(error);
      throw error;
    },
  );
  return loading;
}

/** Not installed, or in a bundle that cannot run it: without a word only health would tell. */
function sayMissing(error: unknown): void {
  const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
  notice(
    'CACHEKIT_REDIS_CLIENT',
    `The package ioredis cannot be loaded, so Redis is not used. Install it, and keep it out of the bundle (external): ${reason}`,
  );
}
