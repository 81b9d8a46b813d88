// The result of a read of the second tier.
import type { Stamp as Moment } from '../../coherence/view.ts';
import type { Built, DiscardReason, EntryFacts, SealedBy } from '../../entry/entry.ts';
import type { Life } from '../../entry/freshness.ts';
import type { CallReason } from '../../observe/events.ts';

/** A value that was found. */
export interface ReadHit {
  readonly hit: true;
  readonly value: unknown;
  readonly built: Built | undefined;
  readonly bytes: Uint8Array;
  /** The entry may be stale: the caller decides whether it can still be served. */
  readonly life: Life;
  readonly facts: EntryFacts;
  /** The stamp of the moment when the read was sent. */
  readonly sentAt: Moment | undefined;
  /** Only for sealed entries. */
  readonly sealedBy: SealedBy | undefined;
  /** Another language wrote the entry. Its age is unknown, so memory must not keep it. */
  readonly isForeign: boolean;
}

/** Nothing was found, or nothing that can be used. */
export interface ReadMiss {
  readonly hit: false;
  readonly reason: CallReason;
  /** Why a stored entry cannot be used. */
  readonly discard?: DiscardReason;
  /** The stored entry that cannot be used. */
  readonly bytes?: Uint8Array;
}

/** The outcome of a read. */
export type ReadResult = ReadHit | ReadMiss;

/** The miss for a stored entry that cannot be used. */
export function refuse(discard: DiscardReason, bytes: Uint8Array | undefined): ReadMiss {
  const miss = discard === 'expired' ? { reason: discard } : ({ reason: 'discarded', discard } as const);
  return { hit: false, ...miss, ...(bytes === undefined ? {} : { bytes }) };
}
