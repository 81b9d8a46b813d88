// The call path of synchronous functions: memory, then a backend that can be read synchronously once it is loaded.
import type { CallReason } from '../observe/events.ts';
import { startSpan, within } from '../observe/span.ts';
import { publishCall, publishRun, siteFields } from '../observe/stats.ts';
import { jittered } from '../entry/freshness.ts';
import { isCaptured } from './capture.ts';
import { needsTier, tierNow } from './load-second-tier.ts';
import { readMemory } from './read-memory.ts';
import { firstValidMs } from './read-through.ts';
import { admitCall, type SiteCall } from './site-call.ts';
import type { Body, GivenKey, SiteCore } from './site-core.ts';
import { discard, keepDecoded, keepResult, memoryTimes, putSealed, storeValue } from './store-result.ts';
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
  const found = readMemory(admission.call);
  if (found.hit) return found.answer;
  const span = startSpan('call', () => siteFields(core));
  const call = span === undefined ? admission.call : { ...admission.call, span };
  return within(span, () => leaveMemory(call, found.reason));
}

function leaveMemory(call: SiteCall, reason: CallReason): unknown {
  const { core } = call;
  // Nobody can wait here: until the second tier is loaded (preload-tier.ts) there is only memory.
  if (needsTier(call.settings)) tierNow(core, call.settings, call.cipher);
  const read = readBackend(call);
  return read.hit ? read.value : runFunctionSync(call, read.reason ?? reason, 'miss');
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
  const content = call.cipher === undefined ? keepDecoded(core, read.value, read.built) : undefined;
  if (call.cipher !== undefined) putSealed(core, tier, text, read.bytes, ticks);
  else if (content !== undefined) core.put(call, content, ticks);
  core.counters.backendHits++;
  call.span?.end({ status: 'hit', tier: 'backend' }, true);
  publishCall(core, 'hit', 'backend', undefined, currentClock().monotonicMs() - call.startedMs);
  return { hit: true, value: content?.copy === undefined ? read.value : content.copy(content.value) };
}

export function runFunctionSync(call: SiteCall, reason: CallReason, cause: 'miss' | 'refresh'): unknown {
  const { core, settings } = call;
  const clock = currentClock();
  const madeAtMs = firstValidMs(core.tier);
  const beganMs = clock.monotonicMs();
  const { epoch } = core;
  const span = startSpan('run', () => ({ ...siteFields(core), cause }));
  let ok = false;
  try {
    const value = within(span, () => call.body(...call.args));
    ok = true;
    const content = keepResult(core, value);
    const isUnchanged = core.epoch === epoch; // else the function itself has called configure() or invalidated
    if (
      content !== undefined &&
      isUnchanged &&
      !(madeAtMs <= (core.tier?.floorMs ?? Number.NEGATIVE_INFINITY))
    ) {
      const ttlMs = jittered(settings.ttlMs, settings.jitter01, Math.random());
      storeValue(call, core.tier, content, ttlMs, madeAtMs);
    }
    return value;
  } finally {
    span?.end({}, ok);
    publishRun(core, cause, ok, clock.monotonicMs() - beganMs);
    if (cause === 'miss') {
      core.counters.misses++;
      call.span?.end({ status: 'miss', tier: 'origin', reason }, ok);
      publishCall(core, 'miss', 'origin', reason, clock.monotonicMs() - call.startedMs);
    }
  }
}
