// Whether a result is stored, for how long, and under which tags, by the options of the function.
import { parseDuration } from '../../config/duration.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import { MAX_TAGS } from '../../entry/entry.ts';
import { jittered, LONGEST_MS } from '../../entry/freshness.ts';
import { sayCallback } from './say-callback.ts';
import type { SiteCall } from './site-call.ts';
import { atOnce, isYes } from './user-answer.ts';

/** How a result is stored. */
export interface StoreDecision {
  readonly ttlMs: number;
  readonly tags: readonly string[];
}

/** undefined: the result is not stored, because an option says so, or a callback threw or returned nonsense. */
export function decideStore(call: SiteCall, value: unknown): StoreDecision | undefined {
  return heard(call, () => {
    const { rules, cacheNull } = call.settings;
    if (rules.unless !== undefined && isYes(rules.unless(value, ...call.args))) return undefined;
    return isNull(value) && cacheNull === false ? undefined : decide(call, value, undefined);
  });
}

/** The same for the value of a `set()`, which `unless` and `cacheNull` do not apply to. `ttlMs`: given to `set()`. */
export function decideSet(
  call: SiteCall,
  value: unknown,
  ttlMs: number | undefined,
): StoreDecision | undefined {
  return heard(call, () => decide(call, value, ttlMs));
}

function heard(call: SiteCall, ask: () => StoreDecision | undefined): StoreDecision | undefined {
  try {
    return ask();
  } catch {
    sayCallback(call.core, '`unless`, `ttl` or `tags`', 'the result was not stored');
    return undefined;
  }
}

function decide({ settings, args }: SiteCall, value: unknown, saidMs: number | undefined): StoreDecision {
  const { rules, jitter01 } = settings;
  const own = rules.tags === undefined ? [] : checkedTags(atOnce(rules.tags(value, ...args)));
  const ttlMs = saidMs ?? jittered(ttlOf(settings, value, args), jitter01, Math.random());
  const tags = own.length === 0 ? settings.tags : [...new Set([...settings.tags, ...own])];
  // No backend could store the entry. It is not kept in memory alone either, where it would be lost with a restart.
  if (tags.length > MAX_TAGS) throw new RangeError('more tags than an entry has room for');
  return { ttlMs: Math.min(ttlMs, LONGEST_MS), tags };
}

function ttlOf({ rules, cacheNull, ttlMs }: SiteSettings, value: unknown, args: readonly unknown[]): number {
  if (isNull(value) && typeof cacheNull === 'number') return cacheNull;
  return rules.ttl === undefined ? ttlMs : parseDuration(atOnce(rules.ttl(value, ...args)), 'ttl');
}

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

function checkedTags(tags: unknown): readonly string[] {
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag !== '')) return tags;
  throw new TypeError('tags are texts');
}
