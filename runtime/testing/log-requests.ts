// Requests to a log as a process that has joined it makes them.
import type { AppendRequest, LogCapability, LogPlace, SyncRequest } from '../backend/log-capability.ts';
import { freshHex, never } from './contract-case.ts';

/** Each spare incarnation is larger than all before it. */
let lastSpare = 0;
const spareInc = (inc: number): number =>
  (lastSpare = Math.max(8e15 + 256 * Date.now(), inc + 1, lastSpare + 1));

/** A sync request from this place. */
export function syncOf(place: LogPlace): SyncRequest {
  return { ...place, spareInc: spareInc(place.inc), recordId: freshHex(16) };
}

/** An append request from this place. */
export function appendOf(place: LogPlace, subject: string): AppendRequest {
  return { ...syncOf(place), subject, redone: false, registryMax: 100_000 };
}

/** Joins as a new process, and returns its place. */
export async function synced(log: LogCapability, prefix: string): Promise<LogPlace> {
  const { inc, head } = await log.sync(syncOf({ prefix, inc: 0, head: 0 }), never());
  return { prefix, inc, head };
}
