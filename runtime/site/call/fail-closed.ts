// `failClosed`: a sealed entry that is there and does not open is no miss. Somebody may have changed it, so nobody goes on.
import type { DiscardReason } from '../../entry/entry.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { audit } from '../../observe/audit.ts';
import type { ReadResult } from '../tier/second-tier.ts';
import { discard } from './keep-value.ts';
import type { SiteCall } from './site-call.ts';

/** Changed, of a key that is not in the ring, or of another call. What is merely old or of another type is a miss. */
const FATAL: ReadonlySet<DiscardReason | undefined> = new Set([
  'tamper',
  'unknown-key',
  'other-key',
] as const);

/** Besides those: older than one met before. A clock that was set back does that too, so nobody is rejected for it. */
const SUSPICIOUS: ReadonlySet<DiscardReason | undefined> = new Set([...FATAL, 'replayed']);

/** Says what became of an entry that was read and cannot be used. @throws ERR_CACHEKIT_DECRYPT with `failClosed` */
export function reject({ core, cipher, settings }: SiteCall, read: ReadResult): void {
  if (read.hit || read.discard === undefined) return;
  discard(core, read.discard);
  if (cipher === undefined || !SUSPICIOUS.has(read.discard)) return;
  audit(core, 'reject', cipher.keyId);
  if (!settings.failClosed || !FATAL.has(read.discard)) return;
  throw new CacheKitError(
    'ERR_CACHEKIT_DECRYPT',
    `A stored entry of \`${core.descriptor.id}\` does not open (${read.discard}), and failClosed is on.`,
  );
}
