// Whether a result is stored, for how long, and under which tags: what the marker and its options say about it.
import { parseDuration } from '../config/duration.ts';
import { jittered } from '../entry/freshness.ts';
import { notice } from '../observe/notice.ts';
import type { SiteCall } from './site-call.ts';

export interface StoreDecision {
  readonly ttlMs: number;
  readonly tags: readonly string[];
}

/** undefined: returned, not stored. A callback that throws, or gives what cannot be, means that too. */
export function decideStore(call: SiteCall, value: unknown): StoreDecision | undefined {
  const { settings, args } = call;
  const { rules } = settings;
  try {
    if (rules.unless?.(value, ...args) === true) return undefined;
    const isNull = value === null || value === undefined;
    if (isNull && settings.cacheNull === false) return undefined;
    const ttlMs = isNull && typeof settings.cacheNull === 'number' ? settings.cacheNull : ttlOf(call, value);
    const own = rules.tags === undefined ? [] : checkedTags(rules.tags(value, ...args));
    return {
      ttlMs: jittered(ttlMs, settings.jitter01, Math.random()),
      tags: own.length === 0 ? settings.tags : [...new Set([...settings.tags, ...own])],
    };
  } catch {
    const { id } = call.core.descriptor;
    notice(
      'CACHEKIT_CALLBACK',
      `\`unless\`, \`ttl\` or \`tags\` of \`${id}\` threw, or gave what it must not: the result was not stored.`,
      `callback ${id}`,
    );
    return undefined;
  }
}

function ttlOf({ settings, args }: SiteCall, value: unknown): number {
  const { ttl } = settings.rules;
  return ttl === undefined ? settings.ttlMs : parseDuration(ttl(value, ...args), 'ttl');
}

function checkedTags(tags: unknown): readonly string[] {
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag !== '')) return tags;
  throw new TypeError('tags are texts');
}
