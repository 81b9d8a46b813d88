// What a read of the second tier gave.
import type { Stamp as Moment } from '../../coherence/view.ts';
import type { Built, DiscardReason, EntryFacts, SealedBy } from '../../entry/entry.ts';
import type { Life } from '../../entry/freshness.ts';
import type { CallReason } from '../../observe/events.ts';

export interface ReadHit {
  readonly hit: true;
  readonly value: unknown;
  readonly built: Built | undefined;
  readonly bytes: Uint8Array;
  /** It may be past its ttl: whether it can still be served is for the caller to say. */
  readonly life: Life;
  readonly facts: EntryFacts;
  /** What was known of the log when the read was sent. */
  readonly sentAt: Moment | undefined;
  /** Of sealed entries. */
  readonly sealedBy: SealedBy | undefined;
  /** Another language wrote it: how old it is nobody knows, so memory must not have it. */
  readonly isForeign: boolean;
}

export interface ReadMiss {
  readonly hit: false;
  readonly reason: CallReason;
  readonly discard?: DiscardReason;
  /** What was there and cannot be used. */
  readonly bytes?: Uint8Array;
}

export type ReadResult = ReadHit | ReadMiss;

/** There is something, and it cannot be used. */
export function refuse(discard: DiscardReason, bytes: Uint8Array | undefined): ReadMiss {
  const miss = discard === 'expired' ? { reason: discard } : ({ reason: 'discarded', discard } as const);
  return { hit: false, ...miss, ...(bytes === undefined ? {} : { bytes }) };
}
