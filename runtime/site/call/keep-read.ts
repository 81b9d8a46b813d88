// What happens to an entry that was read from the second tier.
import { copyOf, type Flight, type Grace } from '../../flow/flight.ts';
import { audit } from '../../observe/audit.ts';
import { currentClock } from '../tick-clock.ts';
import type { ReadHit, SecondTier } from '../tier/second-tier.ts';
import { keepDecoded } from './keep-value.ts';
import { putSealed, putShared } from './put-memory.ts';
import type { SiteCall } from './site-call.ts';

/** Puts the entry into memory. Returns the caller's own copy of the value; waiters of the flight get theirs. */
export function keepRead(call: SiteCall, flight: Flight, tier: SecondTier, read: ReadHit): unknown {
  const { core, settings } = call;
  const { life, facts } = read;
  noteRead(call, read);
  if (settings.memory === false && !flight.isJoined && read.built !== undefined && !settings.share)
    return read.value; // nobody else has a reference to it, so no copy is needed
  const content = keepDecoded(core, settings, read.value, read.built);
  flight.master = content;
  // An invalidation may have arrived since the check.
  if (!flight.detached && tier.mayKeep(call.text, read)) {
    if (call.cipher !== undefined) putSealed(call, tier, read.bytes, life, facts.tags);
    else if (content !== undefined) putShared(call, tier, content, life, facts.tags);
  }
  return content === undefined ? read.value : copyOf(content);
}

/** For sealed entries: audits the read, and counts reads that still need a previous key. */
export function noteRead({ core }: SiteCall, { sealedBy }: ReadHit): void {
  if (sealedBy === undefined) return;
  if (sealedBy.isPrevious) core.counters.previousKeyReads++;
  audit(core, 'read', sealedBy.keyId);
}

/** The stale value of an entry, kept for the case that the function fails. */
export function graceFrom(call: SiteCall, tier: SecondTier, read: ReadHit): Grace | undefined {
  const content = keepDecoded(call.core, call.settings, read.value, read.built);
  if (content === undefined) return undefined;
  const goneMs = currentClock().monotonicMs() + read.life.hardLeftMs;
  const isValid = (): boolean => currentClock().monotonicMs() < goneMs && tier.isValid(call.text, read.facts);
  return { content, tier: 'backend', isValid };
}
