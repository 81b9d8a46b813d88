// The client library, loaded once and only where Redis is used.
import type { Redis } from 'ioredis';

let loading: Promise<typeof Redis> | undefined;

/** The same promise for everybody; after a failure it is tried again. */
export function loadClient(): Promise<typeof Redis> {
  loading ??= import('ioredis').then(
    (library) => library.Redis,
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}
