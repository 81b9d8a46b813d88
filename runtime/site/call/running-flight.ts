// The run of a call that later callers wait for.
import { LEASE_MS } from '../../coherence/constants.ts';
import type { Flight } from '../../flow/flight.ts';
import type { SiteCore } from '../site-core.ts';

/**
 * undefined: there is none to wait for. A run older than its lease is left to its own callers, and nothing of it is stored:
 * a function that never ends would hold everybody who asks for the same for ever, as nothing does without a cache.
 */
export function runningFlight({ flights }: SiteCore, text: string, nowMs: number): Flight | undefined {
  const flight = flights.get(text);
  if (flight === undefined || nowMs - flight.startedMs < LEASE_MS) return flight;
  flight.detached = true;
  flights.delete(text);
  return undefined;
}
