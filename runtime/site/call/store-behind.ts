// Writes a result to the second tier in the background (write-behind).
import type { SiteSettings } from '../../config/site-settings.ts';
import type { Life } from '../../entry/freshness.ts';
import type { MemoryEntry } from '../../memory/memory-entry.ts';
import { keepContext } from '../../observe/correlation.ts';
import { isObserved, publish } from '../../observe/publish.ts';
import type { PendingWrite } from '../pending-write.ts';
import type { Content, SiteCore } from '../site-core.ts';
import type { SecondTier, Ticket } from '../tier/second-tier.ts';
import { releaseLock } from './acquire-ticket.ts';
import { discard } from './keep-value.ts';
import { lateTicket, type LateTicket } from './late-ticket.ts';
import { putShared, type StoreTarget } from './put-memory.ts';
import { writeLineOf } from './write-lines.ts';

/** Encodes a value for the tier once its ticket is known. */
export type Encode = (tier: SecondTier, ticket: Ticket) => ReturnType<SecondTier['encode']>;

/** A result to store. */
export interface Storable {
  readonly ticket: Ticket | LateTicket;
  /** Names, not group ids. */
  readonly tags: readonly string[];
  /** When the function began; monotonic ms. */
  readonly beganMs: number;
  readonly sizeBytes: number;
  readonly life: Life;
  readonly encode: Encode;
  /** The memory entry of the result, if it was made before the process could follow the log. */
  readonly early: Early | undefined;
}

interface Early {
  readonly entry: MemoryEntry;
  readonly content: Content;
  readonly life: Life;
}

/**
 * Queues the write. Writes of one key run one after the other; an invalidation cancels those that have not begun and
 * waits for the one that has. Results of synchronous functions are written this way too: the asynchronous `set` is as
 * fast as the synchronous one, and it reports the outcome, so the guard learns of a full disk and `flush()` can wait.
 * undefined: the queue is full and the result is not written.
 */
export function storeBehind(target: StoreTarget, storable: Storable): PendingWrite | undefined {
  const { core, text, settings } = target;
  const before = core.writes.get(text);
  const write: PendingWrite = { cancelled: false, done: Promise.resolve(), early: storable.early?.entry };
  const put = keepContext(async () => {
    await before?.done;
    const tier = core.tier ?? (await core.tierOpening);
    if (tier?.guard === undefined) return;
    if (write.cancelled) releaseLock(tier, text, storable.ticket);
    else await putStored(target, tier, write, storable);
  });
  const done = writeLineOf(settings.backend).add(storable.sizeBytes, put);
  if (done === undefined) {
    // The result in memory is newer than what the previous write would store.
    if (before !== undefined) before.cancelled = true;
    sayDropped(core, settings, storable.sizeBytes);
    return undefined;
  }
  write.done = done;
  core.writes.set(text, write);
  void done.then(() => {
    if (core.writes.get(text) === write) core.writes.delete(text);
  });
  return write;
}

async function putStored(
  target: StoreTarget,
  tier: SecondTier,
  write: PendingWrite,
  storable: Storable,
): Promise<void> {
  const { text, settings } = target;
  const { ticket, tags, beganMs, early } = storable;
  const taken =
    typeof ticket === 'object'
      ? ticket
      : await lateTicket(tier, ticket, { text, settings, tags: tier.tagIds(tags), beganMs });
  if (early !== undefined) replaceEarly(target, tier, early, taken === undefined || write.cancelled, tags);
  if (taken === undefined) return;
  const isStored = !write.cancelled && (await tryStore(target, tier, storable, taken));
  // Others that wait for this result need not wait until the lock expires.
  if (!isStored) releaseLock(tier, text, taken);
}

async function tryStore(
  { core, text }: StoreTarget,
  tier: SecondTier,
  { encode, life }: Storable,
  ticket: Ticket,
): Promise<boolean> {
  const encoded = encode(tier, ticket);
  if (!encoded.ok) {
    discard(core, encoded.reason);
    return false;
  }
  const isStored = await tier.write(text, encoded, life, ticket);
  if (isStored) core.counters.writes++;
  else core.counters.failedWrites++;
  return isStored;
}

/** Replaces the early memory entry by one that invalidations of other processes find, or removes it if it is invalid. */
function replaceEarly(
  target: StoreTarget,
  tier: SecondTier,
  { entry, content, life }: Early,
  isGone: boolean,
  tags: readonly string[],
): void {
  const { core } = target;
  if (!core.holds(entry)) return; // invalidated, replaced or evicted since
  if (isGone) core.remove(entry);
  else putShared(target, tier, content, life, tier.tagIds(tags));
}

function sayDropped(core: SiteCore, { backend }: SiteSettings, bytes: number): void {
  core.counters.failedWrites++;
  if (!isObserved('cachekit:backend')) return;
  const name = core.tier?.guard?.backend.name ?? (backend.kind === 'url' ? 'redis' : backend.kind);
  publish('cachekit:backend', { backend: name, operation: 'set', outcome: 'rejected', durationMs: 0, bytes });
}
