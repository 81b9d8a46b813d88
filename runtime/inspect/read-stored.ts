// Reads the bytes under one name from a backend, without changing anything.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { FILE_NAME } from '../adapters/embedded/sqlite-file.ts';
import { storeFolder } from '../config/store-folder.ts';
import { CacheKitError } from '../errors/cachekit-error.ts';

const TIMEOUT_MS = 5000;

/**
 * `backend`: a Redis URL, or `embedded`, whose folder is `CACHEKIT_PATH` (empty: not set), or the default of the
 * project around `cwd`.
 * @throws BackendError, ERR_CACHEKIT_CONFIG
 */
export async function readStored(
  key: string,
  backend: string,
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<Uint8Array | undefined> {
  if (backend === 'embedded')
    return readEmbedded(key, place.env['CACHEKIT_PATH'] || storeFolder(place.cwd, place.env));
  if (!/^(rediss?|redis\+sentinel|redis\+cluster):/.test(backend))
    throw new CacheKitError('ERR_CACHEKIT_CONFIG', 'Entries are read from `embedded`, or from a Redis URL.');
  const { redisBackend } = await import('../adapters/redis/index.ts');
  const redis = redisBackend(backend);
  try {
    return await redis.get(key, AbortSignal.timeout(TIMEOUT_MS));
  } finally {
    await redis.close?.();
  }
}

/** Not through the embedded backend, which would create a missing file and set a damaged one aside. */
function readEmbedded(key: string, folder: string): Uint8Array | undefined {
  const file = join(folder, FILE_NAME);
  if (!existsSync(file)) return undefined;
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as typeof Sqlite; // Node 22.18 has it
  const db = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
  try {
    const row = db.prepare('SELECT v FROM entry WHERE k = ?').get(key);
    return row?.['v'] instanceof Uint8Array ? row['v'] : undefined;
  } finally {
    db.close();
  }
}
