// The call path of synchronous functions: memory, then a backend that can be read synchronously once it is loaded.
import type { CallReason } from '../observe/events.ts';
import { publishCall, publishRun } from '../observe/stats.ts';
import { jittered } from '../entry/freshness.ts';
import { isCaptured } from './capture.ts';
import { needsTier, openTier } from './load-second-tier.ts';
import { readMemory } from './read-memory.ts';
import { firstValidMs } from './read-through.ts';
import { admitCall, type SiteCall } from './site-call.ts';
import type { Body, GivenKey, SiteCore } from './site-core.ts';
import { discard, keepValue, memoryTimes, putSealed, storeValue } from './store-result.ts';
import { currentClock } from './tick-clock.ts';

export function runSync(core: SiteCore, args: readonly unknown[], body: Body, given?: GivenKey): unknown {
  if (isCaptured(core, args, body, given)) return undefined;
  const admission = admitCall(core, args, body, given);
  if (admission.kind !== 'call') {
    core.counters.bypasses++;
    const reason = admission.kind === 'reject' ? 'no-key' : admission.reason;
    publishCall(core, 'bypass', 'origin', reason, 0);
    if (admission.kind === 'reject') throw admission.error;
    return body(...args);
  }
  const { call } = admission;
  const found = readMemory(call);
  if (found.hit) return found.answer;
  // Nobody can wait here: until the second tier is loaded there is only memory.
  if (needsTier(call.settings) && core.tier === undefined) void openTier(core, call.settings, call.cipher);
  const read = readBackend(call);
  return read.hit ? read.value : runFunctionSync(call, read.reason ?? found.reason, 'miss');
}

function readBackend(
  call: SiteCall,
): { readonly hit: true; readonly value: unknown } | { readonly hit: false; readonly reason?: CallReason } {
  const { core, text } = call;
  const { tier } = core;
  const readAtMs = currentClock().monotonicMs();
  const read = tier?.readSync(text);
  if (tier === undefined || read === undefined) return { hit: false };
  core.counters.backendReads++;
  core.counters.backendReadMs += currentClock().monotonicMs() - readAtMs;
  if (!read.hit) {
    if (read.discard !== undefined) discard(core, read.discard);
    return { hit: false, reason: read.reason };
  }
  const ticks = memoryTimes(read.remainingMs, read.ageMs);
  const content = call.cipher === undefined ? keepValue(core, read.value) : undefined;
  if (call.cipher !== undefined) putSealed(core, tier, text, read.bytes, ticks);
  else if (content !== undefined) core.put(call, content, ticks);
  core.counters.backendHits++;
  publishCall(core, 'hit', 'backend', undefined, currentClock().monotonicMs() - call.startedMs);
  return { hit: true, value: read.value };
}

export function runFunctionSync(call: SiteCall, reason: CallReason, cause: 'miss' | 'refresh'): unknown {
  const { core, settings } = call;
  const clock = currentClock();
  const madeAtMs = firstValidMs(core.tier);
  const beganMs = clock.monotonicMs();
  const { epoch } = core;
  let ok = false;
  try {
    const value = call.body(...call.args);
    ok = true;
    const content = keepValue(core, value);
    if (content === undefined) discard(core, 'unstorable');
    else if (core.epoch === epoch && !(madeAtMs <= (core.tier?.floorMs ?? Number.NEGATIVE_INFINITY))) {
      // Unchanged epoch: the function itself has not called configure() or invalidated anything.
      const ttlMs = jittered(settings.ttlMs, settings.jitter01, Math.random());
      storeValue(call, core.tier, content, ttlMs, madeAtMs);
    }
    return value;
  } finally {
    publishRun(core, cause, ok, clock.monotonicMs() - beganMs);
    if (cause === 'miss') {
      core.counters.misses++;
      publishCall(core, 'miss', 'origin', reason, clock.monotonicMs() - call.startedMs);
    }
  }
}
