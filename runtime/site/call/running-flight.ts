// The flight of a call that later callers may join.
import { LEASE_MS } from '../../coherence/constants.ts';
import type { Flight } from '../../flow/flight.ts';
import type { SiteCore } from '../site-core.ts';

/**
 * undefined: there is no flight to join. A flight older than its lease is left to those who already wait for it, and its
 * result is not stored: otherwise a function that never ends would hold all later callers forever.
 */
export function runningFlight({ flights }: SiteCore, text: string, nowMs: number): Flight | undefined {
  const flight = flights.get(text);
  if (flight === undefined || nowMs - flight.startedMs < LEASE_MS) return flight;
  flight.detached = true;
  flights.delete(text);
  return undefined;
}
