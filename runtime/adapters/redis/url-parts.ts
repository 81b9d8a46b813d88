// Pieces of Redis URLs, and how one is refused.
import { CacheKitError } from '../../errors/cachekit-error.ts';

/** @throws ERR_CACHEKIT_CONFIG; `why` never holds the URL, because of the password in it */
export function refuseUrl(why: string): never {
  throw new CacheKitError('ERR_CACHEKIT_CONFIG', `The Redis URL ${why}`);
}

/** Percent signs that encode nothing stand for themselves: passwords are often pasted in raw. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** '' is 0. */
export function databaseOf(text: string): number {
  if (!/^\d{0,5}$/.test(text)) refuseUrl('must end in a database number, as in redis://host:6379/0.');
  return text === '' ? 0 : Number(text);
}
