// Decodes the parts of Redis URLs, and refuses a URL.
import { CacheKitError } from '../../errors/cachekit-error.ts';

/** `why` must not contain the URL, because of the password in it. @throws ERR_CACHEKIT_CONFIG always */
export function refuseUrl(why: string): never {
  throw new CacheKitError('ERR_CACHEKIT_CONFIG', `The Redis URL ${why}`);
}

/** Decodes percent signs. A part with a percent sign that encodes nothing is taken as it is: a raw password. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Database number; '' is 0. @throws ERR_CACHEKIT_CONFIG */
export function databaseOf(text: string): number {
  if (!/^\d{0,5}$/.test(text)) refuseUrl('must end in a database number, as in redis://host:6379/0.');
  return text === '' ? 0 : Number(text);
}
