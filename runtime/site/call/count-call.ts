// Counts and publishes the outcome of a call that memory did not answer.
import type { CallReason } from '../../observe/events.ts';
import { publishCall } from '../../observe/stats.ts';
import { currentClock } from '../tick-clock.ts';
import type { SiteCall } from './site-call.ts';

/** Called once per call. `ok`: whether the caller got a value. */
export function countCall(
  call: SiteCall,
  status: 'hit' | 'stale' | 'miss',
  tier: 'memory' | 'backend' | 'origin',
  reason: CallReason | undefined,
  ok = true,
): void {
  const { core, startedMs } = call;
  if (status === 'hit') core.counters.backendHits++;
  else if (status === 'stale') core.counters.stale++;
  else core.counters.misses++;
  const durationMs = currentClock().monotonicMs() - startedMs;
  call.span?.end({ status, tier, reason }, ok);
  publishCall(core, status, tier, reason, durationMs);
}
