// `failClosed`: a sealed entry that does not open is not a miss but an error, because somebody may have tampered with it.
import type { DiscardReason } from '../../entry/entry.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { audit } from '../../observe/audit.ts';
import type { ReadResult } from '../tier/second-tier.ts';
import { discard } from './keep-value.ts';
import type { SiteCall } from './site-call.ts';

/** Reasons that mean tampering: changed, sealed with an unknown key, or moved from another call. Others are misses. */
const FATAL: ReadonlySet<DiscardReason | undefined> = new Set([
  'tamper',
  'unknown-key',
  'other-key',
] as const);

/** A replayed entry is audited too, but it is a miss: a clock that was set back can be the cause as well. */
const SUSPICIOUS: ReadonlySet<DiscardReason | undefined> = new Set([...FATAL, 'replayed']);

/** Reports an entry that was read and cannot be used. @throws ERR_CACHEKIT_DECRYPT with `failClosed` */
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
