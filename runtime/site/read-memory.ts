// Memory, asked once more with everything that `run` knows: the canonical text, and the key of sealed values.
import type { CallReason } from '../observe/events.ts';
import { publishCall } from '../observe/stats.ts';
import type { MemoryEntry } from '../memory/memory-entry.ts';
import type { SiteCall } from './site-call.ts';
import { readTick } from './tick-clock.ts';

export type MemoryRead =
  | { readonly hit: true; readonly answer: unknown }
  | { readonly hit: false; readonly reason: CallReason };

export function readMemory(call: SiteCall): MemoryRead {
  const { core } = call;
  const entry = findFresh(call);
  if (entry === undefined || entry === 'expired') return { hit: false, reason: entry ?? 'absent' };
  const opened = call.cipher === undefined ? undefined : openSealed(call, entry);
  if (opened?.ok === false) return { hit: false, reason: 'discarded' };
  entry.hits++;
  publishCall(core, 'hit', 'memory', undefined, 0);
  if (opened === undefined) return { hit: true, answer: core.answer(entry) };
  return { hit: true, answer: core.handsOutValues ? opened.value : Promise.resolve(opened.value) };
}

/** The entry of the call, if it may be served; an expired one is removed. */
export function findFresh(call: SiteCall): MemoryEntry | 'expired' | undefined {
  const { core, text, cipher } = call;
  // A sealed site has no entries before its tier is there, and none but under stored keys.
  if (cipher !== undefined && core.tier === undefined) return undefined;
  const entry = cipher === undefined ? find(call) : core.byText.get(core.tier?.codec.storedKey(text) ?? text);
  if (entry === undefined) return undefined;
  if (entry.until > readTick()) return entry;
  core.remove(entry);
  return 'expired';
}

/** Comparing reads the arguments: one that throws then is not found. */
function find({ core, place, text, keyed }: SiteCall): MemoryEntry | undefined {
  try {
    return core.find(place, text, keyed);
  } catch {
    return undefined;
  }
}

/** A fresh value for each caller: nothing decrypted stays in memory. */
export function openSealed(
  call: SiteCall,
  entry: MemoryEntry,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  const { core, text } = call;
  const read = core.tier?.open(text, entry.value as Uint8Array); // sealed sites store bytes only
  if (read?.hit === true) return { ok: true, value: read.value };
  core.remove(entry);
  return { ok: false };
}
